"""Tests through a client: pages, forms, and what they may never do."""

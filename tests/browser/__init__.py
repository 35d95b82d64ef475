"""Tests in Chromium against the real server: two web processes, the worker, a database of their own."""

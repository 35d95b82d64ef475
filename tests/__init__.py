"""Tests: rules (no database), services (a session), web (a client), browser. They mirror the rooms."""

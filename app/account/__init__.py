"""Signing in and out, choosing a password with a code, and a person's own page."""

from app.account import activating, me, views

__all__ = ["activating", "me", "views"]

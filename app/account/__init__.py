"""Signing in and out, choosing a password with a code, a person's own pages and their account."""

from app.account import activating, me, own, views

__all__ = ["activating", "me", "own", "views"]

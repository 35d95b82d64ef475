"""Signing in and out, choosing a password with a code or a link, a person's own pages and their account."""

from app.account import activating, me, own, resetting, views

__all__ = ["activating", "me", "own", "resetting", "views"]

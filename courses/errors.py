"""Refusals: everything that can be said no to, in one tree.

A room raises a refusal named for what is refused, with the data that explains it. The edge turns it into a
page, a line on the terminal or a JSON problem; the sentence a person reads is written there, not here.

    Refusal                 the root; never raised itself
    +-- Invalid             what was sent cannot be meant: 422, or exit code 2
    +-- NotFound            there is no such thing, or you may not see it: 404
    +-- Forbidden           you may see it but not do this now: 403
    +-- Conflict            it was true when you looked, and is not any more: 409
    +-- TooLarge            more than we take: 413
    +-- Unavailable         try again later: 503
"""

from typing import Any


class Refusal(Exception):
    """A request that was understood and is not carried out.

    `facts` are the values that explain it, by name: plain data, safe to show to the person who asked.
    """

    status = 400

    def __init__(self, message: str = "", /, **facts: Any) -> None:
        super().__init__(message or type(self).__name__)
        self.facts = facts

    @property
    def code(self) -> str:
        """The stable name of the refusal, for machines and for the table of sentences."""
        return type(self).__name__


class Invalid(Refusal):
    """What was sent cannot be meant."""

    status = 422


class NotFound(Refusal):
    """There is no such thing, or the person may not see it."""

    status = 404


class Forbidden(Refusal):
    """The person may see it but may not do this now."""

    status = 403


class Conflict(Refusal):
    """Something changed between looking and acting."""

    status = 409


class TooLarge(Refusal):
    """More than is taken."""

    status = 413


class Unavailable(Refusal):
    """It will work again later."""

    status = 503

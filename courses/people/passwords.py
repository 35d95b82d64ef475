"""Passwords: argon2id, the same work whether the person exists or not, and never more than two at once.

Costs: 19456 KiB, two passes, one lane (OWASP's floor), about 30 ms. Hashing runs outside every transaction.
"""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from courses.errors import Invalid

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_at_once = BoundedSemaphore(2)
SHORTEST, LONGEST = 8, 200
SHORTEST_CHOSEN = 10

# Verified for people who do not exist, so that they take as long as those who do. Nobody knows its password.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdC1vZi1ub2JvZHkhIQ$7jxqEjCkP0D3y4mC8xMXc3XlVR4XqYPyPWmnW9C8C0k"


class WeakPassword(Invalid):
    """A password nobody should choose; `reason` is short, long or yourself."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


def check_chosen(password: str, *about: str) -> None:
    """Judge a password that a person chooses: its length, and that it is not what others know of them.

    Raises:
        WeakPassword: with the reason.
    """
    if len(password) < SHORTEST_CHOSEN:
        raise WeakPassword("short")
    if len(password) > LONGEST:
        raise WeakPassword("long")
    if _plain(password) in {_plain(known) for known in about if known}:
        raise WeakPassword("yourself")


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password."""
    with _at_once:
        return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Tell whether a password matches a hash; without a hash, or too long, do the same work and say no."""
    may_match = password_hash is not None and len(password) <= LONGEST
    typed = password[:LONGEST].encode("utf-8", "replace")
    with _at_once:
        try:
            return _hasher.verify(password_hash or _NOBODY, typed) and may_match
        except (VerificationError, InvalidHashError):
            return False

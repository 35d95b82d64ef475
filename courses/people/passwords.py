"""Passwords: argon2id, the same work whether the person exists or not, and never more than two at once.

Costs: 19456 KiB, two passes, one lane (OWASP's floor), about 30 ms. Hashing runs outside every transaction.
"""

from collections.abc import Sequence
from itertools import pairwise
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from courses.errors import Invalid

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_at_once = BoundedSemaphore(2)
SHORTEST, LONGEST = 8, 200
SHORTEST_CHOSEN = 10
LEAST_TRIES = 1e6
# What somebody here would try first, beside the much used passwords of the world.
HOUSE = """
bina bkpsdm bkn asn pns pppk pegawai admin dinas kantor kota mataram lombok ntb indonesia nusantara merdeka
pancasila garuda belajar pelatihan sertifikat rahasia sandi katasandi masuk sayang cinta bismillah
alhamdulillah assalamualaikum
"""

# Verified for people who do not exist, so that they take as long as those who do. Nobody knows its password.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdC1vZi1ub2JvZHkhIQ$7jxqEjCkP0D3y4mC8xMXc3XlVR4XqYPyPWmnW9C8C0k"


class WeakPassword(Invalid):
    """A password nobody should choose; `reason` is short, long, yourself or guessed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


def check_chosen(password: str, *about: str) -> None:
    """Judge a password that a person chooses: its length, and that others do not guess it soon.

    What is much used, on a keyboard in a row, or made of what others know of the person or the house, is
    guessed in less than a million tries (zxcvbn, in its first 72 characters).

    Raises:
        WeakPassword: with the reason.
    """
    if len(password) < SHORTEST_CHOSEN:
        raise WeakPassword("short")
    if len(password) > LONGEST:
        raise WeakPassword("long")
    if _plain(password) in {_plain(known) for known in about if known}:
        raise WeakPassword("yourself")
    if _tries(password, about) < LEAST_TRIES:
        raise WeakPassword("guessed")


def _tries(password: str, about: Sequence[str]) -> float:
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # ten megabytes of words, and few choose a password

    known = [word for text in (*about, HOUSE) for word in _words_of(text)]
    return float(zxcvbn(password[:72], user_inputs=known)["guesses"])


def _words_of(text: str) -> list[str]:
    """The words of a text, and each two that stand side by side as one."""
    words = text.casefold().replace(",", " ").split()
    return [*words, *("".join(pair) for pair in pairwise(words))]


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

"""The one source of chance: tokens, draws and shuffles. A test can seed it, nothing else may.

Outside tests it is the operating system's generator: a learner must not be able to foresee a draw.
"""

import random
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
READABLE = "0123456789abcdefghjkmnpqrstvwxyz"

_source: random.Random = secrets.SystemRandom()


def token(size: int = 16) -> str:
    """Return `size` random bytes as URL-safe text without padding (16 bytes: 22 characters, 128 bits)."""
    return urlsafe_b64encode(_source.randbytes(size)).rstrip(b"=").decode("ascii")


def code() -> str:
    """Return 128 random bits as 26 characters that people can read out: Crockford's base 32, lower case."""
    number = int.from_bytes(_source.randbytes(16))
    return "".join(READABLE[number >> shift & 31] for shift in range(125, -1, -5))


def shuffled(items: Sequence[T]) -> list[T]:
    """Return the items in a random order."""
    return _source.sample(items, len(items))


def drawn(items: Sequence[T], count: int) -> list[T]:
    """Return `count` different items, in random order."""
    return _source.sample(items, count)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Make chance repeatable. For tests only."""
    global _source  # noqa: PLW0603 - the one switch of the one source
    before = _source
    _source = random.Random(seed)  # noqa: S311 - tests want it predictable
    try:
        yield
    finally:
        _source = before

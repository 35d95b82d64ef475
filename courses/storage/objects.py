"""Objects in a local directory: stored means synced to the disk, name and bytes.

Written to a temporary name, synced, then renamed, so that a reader or a power cut never meets half an object.
"""

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from courses.errors import NotFound, Unavailable

NAME = re.compile(r"[0-9a-f]{64}")


class MissingObject(NotFound):
    """No object with that content hash."""


class StoreUnavailable(Unavailable):
    """The store cannot be read or written now: the disk is full (`full`), or gone."""


class ObjectStore(Protocol):
    """Where bytes are kept by their SHA-256."""

    def put(self, content: bytes) -> str:
        """Store bytes durably and return their SHA-256 in hexadecimal. Twice is once.

        Raises:
            StoreUnavailable: they are not stored, and nothing of them is left behind.
        """

    def get(self, sha256: str) -> bytes:
        """Return the bytes.

        Raises:
            MissingObject: there are none.
            StoreUnavailable: nobody can tell.
        """

    def names(self) -> Iterator[str]:
        """Yield the SHA-256 of every object, in no order."""


def hash_of(content: bytes) -> str:
    """Return the name of an object: the SHA-256 of its content."""
    return hashlib.sha256(content).hexdigest()


class LocalObjects:
    """An object store in a directory, two levels deep so that no folder grows too wide."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def put(self, content: bytes) -> str:
        """Store bytes durably and return their SHA-256."""
        sha256 = hash_of(content)
        target = self._path(sha256)
        try:
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                _write(target, content)
            # Also when it was there: whoever put it there may not have come as far as this.
            for folder in (target.parent, self._directory, self._directory.parent):
                _sync_folder(folder)
        except OSError as trouble:
            full = trouble.errno in {errno.ENOSPC, errno.EDQUOT}
            raise StoreUnavailable(reason=str(trouble.strerror), full=full) from trouble
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes of an object."""
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise MissingObject(sha256=sha256) from None
        except OSError as trouble:
            raise StoreUnavailable(reason=str(trouble.strerror)) from trouble

    def names(self) -> Iterator[str]:
        """Yield the SHA-256 of every object."""
        for path in self._directory.glob("??/*"):
            if NAME.fullmatch(path.name) and path.parent.name == path.name[:2]:
                yield path.name

    def _path(self, sha256: str) -> Path:
        if not NAME.fullmatch(sha256):
            raise MissingObject
        return self._directory / sha256[:2] / sha256


def _write(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

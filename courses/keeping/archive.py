"""The file of a backup: a .tar.gz that any tar reads, with a seal at its end over every byte before.

The last member is the manifest: what there should be, and the SHA-256 of each. A member's name is one of four
kinds or the file is refused; no name is ever used as a path.
"""

import gzip
import hashlib
import io
import json
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from courses.errors import Invalid

FORMAT = 1
MANIFEST = "manifest.json"
KEY = "keys/signing.pem"
NAMES = re.compile(r"manifest\.json|keys/signing\.pem|rows/[a-z0-9_]{1,63}\.jsonl|objects/[0-9a-f]{64}")
LARGEST_MANIFEST = 256 * 1024 * 1024
PIECE = 256 * 1024
DAMAGE = (OSError, EOFError, tarfile.TarError, zlib.error, ValueError, KeyError, TypeError)
# What follows a seal's 32 bytes: nothing, deflated; its checksum; its length.
SEAL_BEGINS = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff" + b"\x24\0" + b"Bi" + b"\x20\0"
SEAL_ENDS = b"\x03\0" + bytes(8)
SEAL_LENGTH = len(SEAL_BEGINS) + 32 + len(SEAL_ENDS)

Watch = Callable[[int], None]


class BackupDamaged(Invalid):
    """The file is not a whole backup as it was written."""


@dataclass(frozen=True, slots=True)
class Member:
    """What the manifest says about a member."""

    sha256: str
    size: int


@dataclass
class Writing:
    """An archive that is being written; `members` is what is in it so far."""

    tar: tarfile.TarFile
    members: dict[str, Member] = field(default_factory=dict)

    def add(self, name: str, content: bytes) -> None:
        """Add a member of bytes."""
        self._add(name, io.BytesIO(content), len(content), hashlib.sha256(content).hexdigest())

    def add_file(self, name: str, path: Path) -> None:
        """Add a member from a file."""
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            self._add(name, file, path.stat().st_size, sha256)

    def close(self, manifest: dict[str, Any]) -> None:
        """Add the manifest, which names everything before it."""
        members = {name: [one.sha256, one.size] for name, one in self.members.items()}
        text = json.dumps({"format": FORMAT, **manifest, "members": members}, ensure_ascii=False, indent=1)
        self.add(MANIFEST, text.encode())

    def _add(self, name: str, file: IO[bytes], size: int, sha256: str) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self.tar.addfile(entry, file)
        self.members[name] = Member(sha256, size)


class _Hashed(io.RawIOBase):
    """Writes through and hashes what it writes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.hash = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.hash.update(content)
        return self._file.write(content)


@contextmanager
def writing(file: BinaryIO) -> Iterator[Writing]:
    """Write an archive; the seal is set when the block ends well."""
    through = _Hashed(file)
    with (
        gzip.GzipFile("", "wb", 6, cast(BinaryIO, through), mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        yield Writing(tar)
    file.write(SEAL_BEGINS + through.hash.digest() + SEAL_ENDS)


def check_seal(path: Path, watch: Watch = lambda _: None) -> None:
    """Read the file once and compare it with its seal.

    Raises:
        BackupDamaged: a byte is not as it was written, or one is missing.
    """
    left = path.stat().st_size - SEAL_LENGTH
    if left <= 0:
        raise BackupDamaged(why="too short")
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while left and (piece := file.read(min(PIECE, left))):
            hashed.update(piece)
            watch(len(piece))
            left -= len(piece)
        if file.read() != SEAL_BEGINS + hashed.digest() + SEAL_ENDS:
            raise BackupDamaged(why="the seal is broken: a byte was changed, or the file is cut off")


@contextmanager
def opened(path: Path, watch: Watch = lambda _: None) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """Open an archive for reading its members in order, each before the next.

    Raises:
        BackupDamaged: it cannot be read, or holds what no backup holds.
    """
    with (
        path.open("rb") as file,
        gzip.open(file) as zipped,
        tarfile.open(fileobj=cast(IO[bytes], zipped), mode="r|") as tar,
    ):
        yield _members(tar, file, watch)


def _members(tar: tarfile.TarFile, file: BinaryIO, watch: Watch) -> Iterator[tuple[str, IO[bytes]]]:
    seen = 0
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() and NAMES.fullmatch(entry.name) else None
        if content is None:
            raise BackupDamaged(why="a member that no backup has", member=entry.name[:100])
        yield entry.name, content
        watch(file.tell() - seen)
        seen = file.tell()


def read_manifest(path: Path, watch: Watch = lambda _: None) -> dict[str, Any]:
    """Read the whole archive, compare every member with the manifest, and return the manifest.

    Raises:
        BackupDamaged: it does not hold exactly what the manifest says.
    """
    try:
        return _compared(path, watch)
    except DAMAGE as why:
        raise BackupDamaged(why=str(why) or type(why).__name__) from why


def _compared(path: Path, watch: Watch) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    manifest: dict[str, Any] = {}
    with opened(path, watch) as members:
        for name, content in members:
            if manifest or name in found:
                raise BackupDamaged(why="a member twice, or after the manifest", member=name)
            if name == MANIFEST:
                manifest = json.loads(content.read(LARGEST_MANIFEST))
            else:
                found[name] = _digest(content)
    if manifest.get("format") != FORMAT:
        raise BackupDamaged(why="no manifest that this version reads")
    if manifest["members"] != found:
        differing = {
            name
            for name in found.keys() | manifest["members"]
            if found.get(name) != manifest["members"].get(name)
        }
        raise BackupDamaged(why="not what the manifest says", member=min(differing))
    return manifest


def _digest(content: IO[bytes]) -> list[Any]:
    hashed, size = hashlib.sha256(), 0
    while piece := content.read(PIECE):
        hashed.update(piece)
        size += len(piece)
    return [hashed.hexdigest(), size]

"""Putting a backup back: everything is verified before anything is written, and one commit makes it real.

The order is verify, look for anything, rows, checks, objects, key, commit. What is on the disk before the
commit (objects by their hash, the same key) is harmless, and a second try goes on from there.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from courses.audit import check
from courses.audit.models import AuditHead
from courses.errors import Conflict, Invalid, NotFound
from courses.keeping.archive import DAMAGE, KEY, BackupDamaged, check_seal, opened, read_manifest
from courses.keeping.backing_up import Progress
from courses.keeping.tables import Filler, count_rows, dangling, filled_table, named_objects, tables
from courses.storage import ObjectStore


class BackupMissing(NotFound):
    """There is no such file, or it cannot be read."""


class NotEmpty(Conflict):
    """There is something here already; a backup is put back only where there is nothing."""


class BackupFromAnotherVersion(Conflict):
    """The backup was made by a version of Bina with other tables: restore with that one, then update."""


class BackupIncomplete(Invalid):
    """What was put back is not what the manifest says; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a backup is put back to.

    Attributes:
        objects: the object store.
        key: the file of the signing key.
        revision: the migration that this version of Bina ends at.
    """

    objects: ObjectStore
    key: Path
    revision: str


def verify(file: Path, revision: str, progress: Progress = lambda _done, _all: None) -> dict[str, Any]:
    """Read the whole file twice, its seal and its members, and return its manifest. Writes nothing.

    Raises:
        BackupMissing: it cannot be read.
        BackupDamaged: it is not as it was written.
        BackupFromAnotherVersion: it has other tables than we.
    """
    try:
        total = file.stat().st_size * 2
    except OSError as why:
        raise BackupMissing(file=str(file), why=why.strerror) from why
    read = [0]

    def watch(more: int) -> None:
        read[0] += more
        progress(min(read[0], total), total)

    with _readable(file):
        check_seal(file, watch)
    manifest = read_manifest(file, watch)
    if manifest["revision"] != revision:
        raise BackupFromAnotherVersion(theirs=manifest["revision"], ours=revision)
    if {f"rows/{table.name}.jsonl" for table in tables()} != {
        name for name in manifest["members"] if name.startswith("rows/")
    }:
        raise BackupDamaged(why="not the tables of this version")
    progress(total, total)
    return manifest


def look_for_anything(connection: Connection, file: Path, manifest: dict[str, Any], target: Target) -> None:
    """Refuse a place where there is something that the backup did not bring.

    Raises:
        NotEmpty: a row, another key, or an object that is not in the backup.
    """
    if table := filled_table(connection):
        raise NotEmpty(found=f"rows in {table}")
    foreign = set(target.objects.names()) - _objects(manifest)
    if foreign:
        raise NotEmpty(found=f"{len(foreign)} stored objects")
    if target.key.exists() and target.key.read_bytes() != _key(file):
        raise NotEmpty(found=f"the signing key {target.key}")


def put_rows_back(session: Session, file: Path, manifest: dict[str, Any]) -> None:
    """Insert every row and check what came of it, in this transaction.

    Raises:
        BackupIncomplete: it is not what the manifest says; roll back.
    """
    filler, by_name = Filler(session), {f"rows/{table.name}.jsonl": table for table in tables()}
    try:
        with opened(file) as members:
            for name, content in members:
                if name in by_name:
                    filler.fill(by_name[name], content)
        filler.finish()
    except (IntegrityError, DataError, *DAMAGE) as why:
        raise BackupIncomplete(why=" ".join(str(why).split())[:300]) from why
    if trouble := next(_troubles(session, manifest), None):
        raise BackupIncomplete(why=trouble)


def finish_with_files(session: Session, file: Path, manifest: dict[str, Any], target: Target) -> None:
    """Store the objects and the key, last before the commit.

    Raises:
        BackupIncomplete: rows name an object that is neither stored nor known to be missing.
        StoreUnavailable: the disk is full; roll back.
    """
    key = None
    with opened(file) as members:
        for name, content in members:
            if name.startswith("objects/"):
                target.objects.put(content.read())
            elif name == KEY:
                key = content.read()
    lost = named_objects(session.connection()) - _objects(manifest) - set(manifest["missing"])
    if lost:
        raise BackupIncomplete(why=f"{len(lost)} objects are not in it")
    if key is not None and not target.key.exists():
        _write_key(target.key, key)


def _troubles(session: Session, manifest: dict[str, Any]) -> Iterator[str]:
    if count_rows(session.connection()) != manifest["rows"]:
        yield "other numbers of rows"
    if tables_ := dangling(session):
        yield f"rows that refer to nothing, in {', '.join(tables_)}"
    if broken := next(check(session), None):
        yield f"the trail does not hold: entry {broken.number} {broken.why}"
    head = session.execute(select(AuditHead.number, AuditHead.hash)).first()
    if (list(head) if head else None) != manifest["audit_head"]:
        yield "the trail ends elsewhere"


def _objects(manifest: dict[str, Any]) -> set[str]:
    return {name.removeprefix("objects/") for name in manifest["members"] if name.startswith("objects/")}


def _key(file: Path) -> bytes | None:
    with opened(file) as members:
        return next((content.read() for name, content in members if name == KEY), None)


def _write_key(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = path.with_name(".restored")
    scratch.unlink(missing_ok=True)
    with os.fdopen(os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    scratch.rename(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as why:
        raise BackupMissing(file=str(file), why=why.strerror) from why

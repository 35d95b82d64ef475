"""Making a backup: one state of the database, then the key and the objects, which only ever grow.

Nobody has to stop working. The file appears under its name when all of it is on the disk, readable by its
owner only: the key that signs certificates is in it.
"""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select

from courses import clock
from courses.audit.models import AuditHead
from courses.errors import Conflict, Unavailable
from courses.keeping.archive import KEY, Writing, writing
from courses.keeping.tables import count_rows, lines_of, named_objects, snapshot, tables
from courses.storage import MissingObject, ObjectStore, hash_of

Progress = Callable[[int, int], None]


class BackupExists(Conflict):
    """There is a file of that name; a backup never takes the place of another."""


class BackupNotWritten(Unavailable):
    """The file cannot be written there."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up.

    Attributes:
        engine: the database.
        objects: the object store.
        key: the file of the signing key, if there is one yet.
        revision: the migration at which the database is.
    """

    engine: Engine
    objects: ObjectStore
    key: Path
    revision: str


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What is in the file. `missing` are objects that rows name and the store has not, or has damaged."""

    rows: int
    objects: int
    missing: tuple[str, ...]
    size: int


def back_up(source: Source, file: Path, progress: Progress = lambda _done, _all: None) -> BackupReport:
    """Write a backup.

    Args:
        source: what to back up.
        file: where to; must not exist.
        progress: is told how many members of how many are written.

    Raises:
        BackupExists: the file is there.
        BackupNotWritten: the disk is full, or the folder cannot be written to.
    """
    if file.exists():
        raise BackupExists(file=str(file))
    try:
        with tempfile.TemporaryDirectory(prefix=".bina-backup-", dir=file.parent) as scratch:
            made = Path(scratch) / "archive"
            report = _write(source, made, Path(scratch), progress)
            made.rename(file)
            _sync_folder(file.parent)
    except OSError as why:
        raise BackupNotWritten(file=str(file), why=why.strerror or str(why)) from why
    return report


def _write(source: Source, made: Path, scratch: Path, progress: Progress) -> BackupReport:
    with os.fdopen(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        with snapshot(source.engine, scratch) as connection, writing(out) as archive:
            manifest = _about(source, connection)
            # After the snapshot was taken: every object that it names was stored before it.
            names = sorted(source.objects.names())
            total = len(tables()) + len(names)
            _add_rows(archive, connection, scratch, lambda done: progress(done, total))
            packed = _add_objects(archive, source, names, lambda done: progress(len(tables()) + done, total))
            missing = tuple(sorted((named_objects(connection) | set(names)) - packed))
            archive.close(manifest | {"missing": missing})
        out.flush()
        os.fsync(out.fileno())
        return BackupReport(sum(manifest["rows"].values()), len(packed), missing, out.tell())


def _about(source: Source, connection: Connection) -> dict[str, Any]:
    head = connection.execute(select(AuditHead.number, AuditHead.hash)).first()
    return {
        "made_at": clock.now().isoformat(),
        "engine": source.engine.dialect.name,
        "revision": source.revision,
        "rows": count_rows(connection),
        "audit_head": list(head) if head else None,
    }


def _add_rows(archive: Writing, connection: Connection, scratch: Path, done: Callable[[int], None]) -> None:
    for number, table in enumerate(tables(), start=1):
        lines = scratch / "rows"
        with lines.open("wb") as file:
            file.writelines(lines_of(connection, table))
        archive.add_file(f"rows/{table.name}.jsonl", lines)
        done(number)


def _add_objects(archive: Writing, source: Source, names: list[str], done: Callable[[int], None]) -> set[str]:
    if source.key.exists():
        archive.add(KEY, source.key.read_bytes())
    packed = set()
    for number, name in enumerate(names, start=1):
        try:
            content = source.objects.get(name)
        except MissingObject:
            continue
        if hash_of(content) == name:
            archive.add(f"objects/{name}", content)
            packed.add(name)
        done(number)
    return packed


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""`flask backup FILE` and `flask restore FILE`: everything in one file, and back where nothing is yet."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError

import courses.models  # noqa: F401 - a backup holds every table, those that nothing else here imports too
from app.cli.edge import answer, as_json, attempt, refuse, writing
from app.cli.setup import migrate, newest_revision, revisions
from app.extensions import db
from app.services import services
from courses import keeping
from courses.certification.keys import KEY_FILE
from courses.errors import Conflict, Unavailable

R = TypeVar("R")
FILE = click.argument("file", type=click.Path(path_type=Path))


class NotSetUp(Conflict):
    """The database is not at the newest migration; `flask setup` brings it there."""


class DatabaseAway(Unavailable):
    """The database cannot be used."""


@click.command()
@FILE
@as_json
def backup(file: Path, machine: bool) -> None:
    """Write a backup while people go on working.

    The signing key is in it: keep it where only you can read it. Exit code 1 when the file is written but
    objects are missing from the store.
    """
    source = _attempt(_source, machine=machine)
    with _bar("Backup", machine=machine) as progress:
        made = _attempt(lambda: keeping.back_up(source, file, progress), machine=machine)
    value = {
        "file": str(file),
        "bytes": made.size,
        "rows": made.rows,
        "objects": made.objects,
        "missing": list(made.missing),
    }
    lines = f"{file}: {made.rows} rows, {made.objects} objects, {made.size} bytes; the signing key is in it"
    if made.missing:
        lines += f"\n{len(made.missing)} objects are missing or damaged, the first: {made.missing[0]}"
    answer(value, lines, machine=machine)
    sys.exit(1 if made.missing else 0)


@click.command()
@FILE
@as_json
def restore(file: Path, machine: bool) -> None:
    """Put a backup back into an installation that is empty: all of it or nothing."""
    target = keeping.Target(services().objects, services().keys / KEY_FILE, newest_revision())
    with _bar("Verify", machine=machine) as progress:
        manifest = attempt(lambda: keeping.verify(file, target.revision, progress), machine=machine)
    _attempt(lambda: _restore(file, manifest, target), machine=machine)
    rows = sum(manifest["rows"].values())
    objects = sum(name.startswith("objects/") for name in manifest["members"])
    value = {"file": str(file), "made_at": manifest["made_at"], "rows": rows, "objects": objects}
    lines = f"restored {rows} rows and {objects} objects as of {manifest['made_at']}"
    answer(value, lines, machine=machine)


def _restore(file: Path, manifest: dict[str, Any], target: keeping.Target) -> None:
    services().settings.data_dir.mkdir(parents=True, exist_ok=True)
    with db.engine.connect() as connection:
        keeping.look_for_anything(connection, file, manifest, target)
    migrate()
    with writing() as session:
        # Again, now that nobody else can write.
        keeping.look_for_anything(session.connection(), file, manifest, target)
        keeping.put_rows_back(session, file, manifest)
        keeping.finish_with_files(session, file, manifest, target)


def _source() -> keeping.Source:
    found, newest = revisions(), newest_revision()
    if found != {newest}:
        raise NotSetUp(database=", ".join(sorted(found)) or "empty", code=newest)
    return keeping.Source(db.engine, services().objects, services().keys / KEY_FILE, newest)


def _attempt(act: Callable[[], R], *, machine: bool) -> R:
    try:
        return attempt(act, machine=machine)
    except SQLAlchemyError as trouble:
        why = " ".join(str(trouble).split())[:300]
        refuse(DatabaseAway(why=why), machine=machine)


@contextmanager
def _bar(label: str, *, machine: bool) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal; silence elsewhere."""
    if machine or not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    with click.progressbar(length=100, label=label, file=sys.stderr) as bar:
        yield lambda done, total: bar.update(100 * done // max(total, 1) - bar.pos)

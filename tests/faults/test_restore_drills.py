"""Backups taken under load, restored on an empty host: all that was acknowledged before, and nothing half."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from app import create_app
from app.services import services
from bench.faults import leave
from config import ROOT
from tests.conftest import postgres_database, settings_for
from tests.faults import verdict
from tests.faults.house import House, eventually, free_port, house, surroundings
from tests.faults.load import Entry, Load, ledger, writing
from tests.services.doses import dose

ENGINES = ["sqlite", "postgresql"]
DRILLS = dose(quick=1, full=10)
BETWEEN = 60  # acknowledged writes between two backups
pytestmark = pytest.mark.timeout(dose(quick=300, full=7200))


@dataclass(frozen=True)
class Backup:
    """A file, and what was acknowledged before it was begun."""

    file: Path
    before: frozenset[Entry]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_backup_taken_under_load_is_whole_on_an_empty_host(engine, tmp_path):
    with house(engine, tmp_path) as here:
        with writing(here) as load:
            backups = [taken(here, load, number) for number in range(DRILLS)]
        entries = ledger(tmp_path)
    # In turn on the same engine and on the other one.
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}
    engines = [engine if number % 2 else other[engine] for number in range(DRILLS)]
    wrong = [
        f"drill {number} from {engine} to {to}: {why}"
        for number, (backup, to) in enumerate(zip(backups, engines, strict=True))
        for why in restored(backup, to, tmp_path / f"host-{number}", entries)
    ]
    wrong += load.strange
    said = f"{len(backups)} drills, {len(entries):,} acknowledged, {len(wrong)} wrong"
    leave(f"drills-{engine}", said, reached=not wrong)
    assert wrong == []


def taken(here: House, load: Load, number: int) -> Backup:
    """Back up in the middle of writes."""
    written = len(load.entries)
    assert eventually(lambda: len(load.entries) >= written + BETWEEN)
    file = here.folder / f"backup-{number}.tar.gz"
    before = frozenset(load.entries)
    flask(here.settings, "backup", file)
    assert len(load.entries) > len(before), "nobody wrote meanwhile"
    return Backup(file, before)


def restored(backup: Backup, engine: str, folder: Path, entries: list[Entry]) -> Iterator[str]:
    """Restore on an empty host, and say what is wrong there."""
    with empty_host(engine, folder) as host:
        flask(host.settings, "restore", backup.file)
        with host.database() as session:
            there = verdict.stored(session, entries)
            yield from (f"{entry} is lost" for entry in backup.before - set(there))
            yield from verdict.lost(session, there)
            yield from verdict.twice(session, there)
            yield from verdict.wrong_grades(session, there)
            yield from verdict.invalid_certificates(session, services().objects)
        flask(host.settings, "doctor")
        host.start()
        yield from () if ready(host.port) else ("it does not serve",)


@contextmanager
def empty_host(engine: str, folder: Path) -> Iterator[House]:
    """A place where nothing was ever started; what is started there ends with the block."""
    with database(engine) as url:
        folder.mkdir()
        own = {"content_dir": str(folder / "nothing"), "port": str(free_port()), "database_url": url}
        app = create_app(settings_for(folder / "var", **own))
        host = House(folder, app, int(own["port"]), own | {"data_dir": str(folder / "var")})
        try:
            yield host
        finally:
            host.stop()
            host.let_go()


@contextmanager
def database(engine: str) -> Iterator[str]:
    """The address of an empty database; none for SQLite."""
    if engine == "sqlite":
        yield ""
        return
    with postgres_database() as url:
        yield url


def flask(settings: Mapping[str, str], *words: object) -> None:
    """Run a command of ours as on a terminal."""
    command = [sys.executable, "-m", "flask", *map(str, words)]
    done = subprocess.run(
        command, cwd=ROOT, env=surroundings(settings), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (words, done.stdout, done.stderr)


def ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/readyz")
    status = connection.getresponse().status
    connection.close()
    return status == 200

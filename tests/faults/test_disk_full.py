"""A full disk: writes are refused with a page that says why, reading goes on, and room is all it takes."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.services import services
from bench.faults import leave
from courses.certification.models import Certificate
from courses.jobs.models import Outbox
from tests.conftest import leave_out
from tests.faults import verdict
from tests.faults.house import House, answers, eventually, house
from tests.faults.load import EXAM, Load, ledger, writing
from tests.faults.waiting import jobs_end
from tests.services.doses import dose

DRILLS = dose(quick=2, full=200)
MEGABYTES = dose(quick=64, full=512)
ALIVE = 20  # acknowledged writes that show that it works again
SAID = "Ruang simpan di server sedang penuh"
pytestmark = pytest.mark.timeout(dose(quick=300, full=7200))


def test_a_full_disk_refuses_writes_says_so_and_recovers_by_itself(disk, tmp_path):
    with house("sqlite", tmp_path, data=disk / "var", metrics_token="m" * 32) as here:
        with writing(here) as load:
            drills = sum(drill(here, load, disk) for _ in range(DRILLS))
        assert jobs_end(here)
        entries = ledger(tmp_path)
        with here.database() as session:
            lost = verdict.lost(session, entries)
            wrong = [*verdict.twice(session, entries), *verdict.wrong_grades(session, entries), *load.strange]
            wrong += verdict.wrong_certificates(session, entries, services().objects)
        healthy = here.app.test_cli_runner().invoke(args=["doctor"])
    said = f"{drills} drills, {len(entries):,} acknowledged, {len(lost)} lost, {len(wrong)} otherwise wrong"
    leave("disk-full", said, reached=not lost and not wrong)
    assert (lost, wrong) == ([], [])
    assert "ok   integrity" in healthy.output
    assert "ok   trail" in healthy.output


def test_a_certificate_waits_for_room_and_is_issued_then(disk, tmp_path):
    with house("postgresql", tmp_path, data=disk / "var") as here:
        with full(disk):
            with writing(here, writers=1) as load:
                assert eventually(lambda: any(entry.step == EXAM for entry in load.entries))
                assert eventually(lambda: any((e.what, e.step) == ("submit", EXAM) for e in load.entries))
            assert eventually(lambda: any("StoreUnavailable" in words for words in troubles(here)))
            assert states(here) == {"signing"}
        assert jobs_end(here)
        assert states(here) == {"issued"}
        with here.database() as session:
            assert verdict.wrong_certificates(session, ledger(tmp_path), services().objects) == []


def drill(here: House, load: Load, disk: Path) -> bool:
    """Fill the disk, see that it is said and that reading goes on, make room, see that it works again."""
    assert eventually(lambda: load.entries)
    before, processes = len(load.refused), {one.pid for one in here.family()}
    with full(disk):
        assert eventually(lambda: len(load.refused) > before), "no write was refused"
        assert answers(here.port)
        refused = load.refused[-1]
        assert SAID in refused.page
        assert refused.retry_after == "5"
    acknowledged = len(load.entries)
    assert eventually(lambda: len(load.entries) >= acknowledged + ALIVE), "it did not recover"
    assert processes == {one.pid for one in here.family()}, "somebody died"
    return True


def troubles(here: House) -> list[str]:
    with here.database() as session:
        return list(session.scalars(select(Outbox.trouble).where(Outbox.trouble.is_not(None))))


def states(here: House) -> set[str]:
    with here.database() as session:
        assert session.scalar(select(func.count()).select_from(Certificate))
        return set(session.scalars(select(Certificate.state)))


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Take all the room that there is, and give it back."""
    ballast = disk / "ballast"
    try:
        with ballast.open("wb") as file:
            for size in (1 << 20, 1 << 12):
                with suppress(OutOfRoom):
                    while True:
                        grow(file.fileno(), size)
        yield
    finally:
        ballast.unlink()


class OutOfRoom(Exception):
    """Nothing is left of that size."""


def grow(handle: int, size: int) -> None:
    try:
        os.posix_fallocate(handle, os.fstat(handle).st_size, size)
    except OSError as trouble:
        if trouble.errno != errno.ENOSPC:
            raise
        raise OutOfRoom from trouble


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(words, capture_output=True, check=False).returncode:
        leave_out("a disk to fill (only root may mount one)")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)

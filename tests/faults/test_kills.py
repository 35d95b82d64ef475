"""`kill -9` at random moments under a load of writes: what was acknowledged is there, and happened once."""

import random
import time
from itertools import cycle

import pytest

from app.services import services
from bench.faults import leave
from tests.faults import verdict
from tests.faults.house import VICTIMS, House, eventually, house
from tests.faults.load import Load, ledger, writing
from tests.faults.waiting import jobs_end
from tests.services.doses import dose

ENGINES = ["sqlite", "postgresql"]
KILLS = dose(quick=len(VICTIMS), full=300)
ENOUGH = dose(quick=100, full=20_000)  # acknowledged: with fewer the kills hit nobody at work
BETWEEN = 8  # acknowledged at least before the next kill
HASTY = ("-m", "tests.faults.hasty")
pytestmark = pytest.mark.timeout(dose(quick=300, full=7200))


@pytest.mark.parametrize("engine", ENGINES)
def test_whoever_is_killed_under_load_nothing_acknowledged_is_lost(engine, tmp_path):
    chance = random.Random(f"{engine} {KILLS}")
    with house(engine, tmp_path) as here:
        with writing(here) as load:
            kills = sum(kill_at_work(here, load, whom, chance) for whom in victims(chance))
            eventually(lambda: len(load.entries) >= ENOUGH, seconds=dose(quick=30, full=900))
        assert jobs_end(here)
        entries = ledger(tmp_path)
        with here.database() as session:
            lost = verdict.lost(session, entries)
            wrong = [*verdict.twice(session, entries), *verdict.wrong_grades(session, entries), *load.strange]
            wrong += verdict.wrong_certificates(session, entries, services().objects)
        healthy = here.app.test_cli_runner().invoke(args=["doctor"])
    reached = not lost and not wrong and kills >= KILLS and len(entries) >= ENOUGH
    said = f"{kills} kills, {len(entries):,} acknowledged, {len(lost)} lost, {len(wrong)} otherwise wrong"
    leave(f"kills-{engine}", said, reached=reached)
    assert lost == []
    assert wrong == []
    assert kills >= KILLS
    assert len(entries) >= ENOUGH
    assert healthy.exit_code == 0, healthy.output


@pytest.mark.parametrize("engine", ENGINES)
def test_a_build_that_answers_before_it_commits_is_found_out(engine, tmp_path):
    chance = random.Random(engine)
    with house(engine, tmp_path, command=HASTY) as here:
        with writing(here, settle=0.3) as load:
            for _ in range(3):
                kill_at_work(here, load, "everyone", chance)
        with here.database() as session:
            assert verdict.lost(session, ledger(tmp_path))


def victims(chance: random.Random) -> list[str]:
    """Whom to kill: everyone in turn, in any order."""
    chosen = [whom for whom, _ in zip(cycle(VICTIMS), range(KILLS), strict=False)]
    chance.shuffle(chosen)
    return chosen


def kill_at_work(here: House, load: Load, whom: str, chance: random.Random) -> bool:
    """Kill while people write: some writes after the last kill, and at any moment."""
    before = len(load.entries)
    assert eventually(lambda: len(load.entries) >= before + BETWEEN), load.strange[-3:]
    time.sleep(chance.uniform(0, 0.3))
    return eventually(lambda: here.kill(whom), seconds=60)

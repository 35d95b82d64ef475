"""The trail: who did what to whom, in one chain; every edit, deletion, swap, insertion or cut is found."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.extensions import db
from courses import clock
from courses.audit import SYSTEM, check, entries_about, record
from courses.audit.models import AuditEntry, AuditHead
from courses.database import begin_writing
from tests.services.crowd import at_once, writing
from tests.services.doses import dose

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
LENGTH = 12
TAMPERINGS = dose(quick=200, full=1000)


@pytest.fixture
def chain(session) -> Session:
    """A session whose transaction holds a chain of a dozen entries; a tampering can be rolled back."""
    begin_writing(session)
    with clock.pinned(NOON) as move:
        for n in range(1, LENGTH + 1):
            move(NOON + timedelta(seconds=n))
            record(session, f"act.{n % 3}", ("certificate", n % 4), actor_id=n % 2, step=n, why="é")
    return session


def broken(session: Session) -> list[tuple[int, str]]:
    return [(found.number, found.why) for found in check(session)]


def test_an_entry_says_who_did_what_to_whom_and_when(session):
    begin_writing(session)
    with clock.pinned(NOON):
        assert record(session, "certificate.revoke", ("certificate", 12), actor_id=7, reason="salah") == 1
    [entry] = entries_about(session, ("certificate", 12))
    assert (entry.at, entry.actor_id, entry.act, entry.details) == (
        NOON,
        7,
        "certificate.revoke",
        {"reason": "salah"},
    )


def test_without_a_person_the_system_did_it(session):
    begin_writing(session)
    record(session, "certificate.sign", ("certificate", 1))
    assert [entry.actor_id for entry in entries_about(session, ("certificate", 1))] == [SYSTEM]


def test_entries_about_a_subject_come_oldest_first_and_alone(chain):
    found = entries_about(chain, ("certificate", 3))
    assert [entry.number for entry in found] == [3, 7, 11]
    assert entries_about(chain, ("person", 3)) == []


def test_a_chain_holds_from_empty_on(session):
    assert broken(session) == []
    session.rollback()
    begin_writing(session)
    record(session, "first", ("course", 1))
    assert broken(session) == []


def test_an_untouched_chain_holds_after_a_commit_and_in_another_session(chain):
    chain.commit()
    with Session(db.engine) as other:
        assert broken(other) == []
        assert other.scalar(select(func.count()).select_from(AuditEntry)) == LENGTH


def test_a_rolled_back_act_leaves_no_entry_and_no_gap(chain):
    chain.commit()
    begin_writing(chain)
    record(chain, "undone", ("course", 1))
    chain.rollback()
    writing(lambda session: record(session, "done", ("course", 1)))
    assert broken(chain) == []
    assert entries_about(chain, ("course", 1))[0].number == LENGTH + 1


def test_four_at_once_keep_one_chain(app):
    for round_ in range(4):
        act = lambda session, n=round_: record(session, "act", ("course", n))  # noqa: E731
        numbers = at_once(4, act)
        assert sorted(n for n in numbers if isinstance(n, int)) == [4 * round_ + n for n in (1, 2, 3, 4)]
    with Session(db.engine) as session:
        assert broken(session) == []


Tampering = Callable[[Session, random.Random], None]


def edit(session: Session, chance: random.Random) -> None:
    """One field of one entry."""
    number = chance.randint(1, LENGTH)
    entry = session.execute(select(AuditEntry.__table__).where(AuditEntry.number == number)).one()
    changes: dict[str, Any] = {
        "at": entry.at + timedelta(microseconds=chance.choice([-1, 1, 3_600_000_000])),
        "actor_id": entry.actor_id + chance.randint(1, 5),
        "act": entry.act + chance.choice([" ", "x"]),
        "subject": chance.choice(["course", "Certificate", "certificat"]),
        "subject_id": entry.subject_id + 1,
        "details": chance.choice(
            [{}, None or [], {**entry.details, "step": 99}, {**entry.details, "x": None}]
        ),
        "hash": chance.choice(["0" * 64, entry.hash[::-1], entry.hash.upper()]),
        "number": LENGTH + chance.randint(1, 5),
    }
    field = chance.choice(sorted(changes))
    session.execute(update(AuditEntry).where(AuditEntry.number == number).values({field: changes[field]}))


def drop(session: Session, chance: random.Random) -> None:
    """One entry from anywhere."""
    session.execute(delete(AuditEntry).where(AuditEntry.number == chance.randint(1, LENGTH)))


def swap(session: Session, chance: random.Random) -> None:
    """Two entries change places, hashes and all."""
    one, other = chance.sample(range(1, LENGTH + 1), 2)
    for number, becomes in ((one, -1), (other, one), (-1, other)):
        session.execute(update(AuditEntry).where(AuditEntry.number == number).values(number=becomes))


def cut(session: Session, chance: random.Random) -> None:
    """The last entries go."""
    session.execute(delete(AuditEntry).where(AuditEntry.number > LENGTH - chance.randint(1, LENGTH)))


def slip_in(session: Session, chance: random.Random) -> None:
    """An entry that was never recorded, at the end or in a gap made for it, with a hash made up or copied."""
    number = chance.choice([0, -1, LENGTH + 1, LENGTH + 2, chance.randint(1, LENGTH)])
    for moved in range(LENGTH, number - 1, -1) if 1 <= number <= LENGTH else ():
        session.execute(update(AuditEntry).where(AuditEntry.number == moved).values(number=moved + 1))
    copied = session.scalars(select(AuditEntry.hash).order_by(AuditEntry.number)).all()
    session.execute(
        insert(AuditEntry).values(
            number=number,
            at=NOON,
            actor_id=1,
            act="act.1",
            subject="certificate",
            subject_id=1,
            details={},
            hash=chance.choice([*copied, "f" * 64]),
        )
    )


def turn_head(session: Session, chance: random.Random) -> None:
    """The head points elsewhere, or is gone."""
    changed = chance.choice([{"number": chance.randint(0, LENGTH - 1)}, {"hash": "0" * 64}, None])
    if changed is None:
        session.execute(delete(AuditHead))
    else:
        session.execute(update(AuditHead).values(changed))


@pytest.mark.parametrize("tamper", [edit, drop, swap, cut, slip_in, turn_head])
def test_every_tampering_is_found(chain, tamper):
    chance = random.Random(tamper.__name__)
    for attempt in range(TAMPERINGS // 6 + 1):
        with chain.begin_nested() as untampered:
            tamper(chain, chance)
            assert broken(chain), (tamper.__name__, attempt)
            untampered.rollback()
    assert broken(chain) == []


def test_a_place_where_it_does_not_hold_is_named(chain):
    chain.execute(update(AuditEntry).where(AuditEntry.number == 5).values(actor_id=99))
    assert broken(chain) == [(5, "changed")]


def test_a_deleted_entry_is_named(chain):
    chain.execute(delete(AuditEntry).where(AuditEntry.number == 5))
    assert (5, "missing") in broken(chain)


def test_a_cut_tail_is_named(chain):
    chain.execute(delete(AuditEntry).where(AuditEntry.number > 9))
    assert broken(chain) == [(10, "cut")]


def test_what_a_session_remembers_does_not_hide_a_change(chain):
    remembered = entries_about(chain, ("certificate", 3))
    chain.execute(AuditEntry.metadata.tables["audit_entry"].update().values(actor_id=99))
    assert remembered[0].actor_id != 99
    assert len(broken(chain)) == LENGTH

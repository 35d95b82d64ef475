"""The ground: exact columns on both engines, and transactions that begin the way their promise needs."""

import random
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from threading import Event, Thread
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, select, text, type_coerce
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from app.extensions import db
from courses.database import (
    BUSY_MILLISECONDS,
    Exact,
    Json,
    Moment,
    begin_writing,
    canonical_json,
    insert_if_absent,
    journal_mode,
    violates,
)
from courses.operations.models import Operation
from courses.people.models import Person, PersonNumber
from tests.people import Somebody
from tests.services.crowd import A_WHILE
from tests.services.engines import only

NOON = datetime(2026, 11, 24, 4, 0, 0, 123456, tzinfo=UTC)
WITA = timezone(timedelta(hours=8))
SAMPLE = Table(
    "sample",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("moment", Moment),
    Column("exact", Exact),
    Column("json", Json),
    prefixes=["TEMPORARY"],
)


@pytest.fixture
def sample(session) -> Session:
    """A session in whose transaction a table with each of our column types exists."""
    SAMPLE.create(session.connection())
    return session


def stored(session: Session, **values: Any) -> Any:
    """A value put into its column and read back."""
    session.execute(SAMPLE.delete())
    session.execute(insert(SAMPLE).values(id=1, **values))
    [name] = values
    return session.scalar(select(SAMPLE.c[name]))


class TestColumns:
    @pytest.mark.parametrize(
        "moment",
        [NOON, NOON.astimezone(WITA), datetime(1, 1, 2, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)],
    )
    def test_a_moment_comes_back_as_the_same_moment_in_utc(self, sample, moment):
        back = stored(sample, moment=moment)
        assert back == moment
        assert back.tzinfo is UTC

    def test_moments_compare_in_the_database_as_they_do_here(self, sample):
        sample.execute(insert(SAMPLE).values(id=1, moment=NOON.astimezone(WITA)))
        earlier = select(SAMPLE.c.id).where(SAMPLE.c.moment < NOON + timedelta(microseconds=1))
        assert sample.scalars(earlier).all() == [1]
        assert sample.scalars(select(SAMPLE.c.id).where(SAMPLE.c.moment < NOON)).all() == []

    def test_a_moment_without_a_zone_is_refused(self, sample):
        with pytest.raises(StatementError, match="time zone"):
            stored(sample, moment=NOON.replace(tzinfo=None))

    def test_a_fraction_comes_back_exactly(self, sample):
        chance = random.Random(1)
        values = [
            Fraction(chance.randrange(-(10**30), 10**30), chance.randrange(1, 10**30)) for _ in range(50)
        ]
        for value in [Fraction(2, 3), Fraction(0), Fraction(-1, 7), *values]:
            assert stored(sample, exact=value) == value

    @pytest.mark.parametrize("kind", ["moment", "exact", "json"])
    def test_nothing_stays_nothing(self, sample, kind):
        assert stored(sample, **{kind: None}) is None

    @pytest.mark.parametrize(
        "value",
        [
            {},
            [],
            0,
            False,
            "",
            {"b": [1, 2, {"a": None}], "a": "é 漢 😀 \u2028 \x00 \" ' \\"},
            2**60,
            "null",
            1.5,
        ],
    )
    def test_plain_data_comes_back_as_it_was(self, sample, value):
        assert stored(sample, json=value) == value

    def test_plain_data_has_one_text_the_same_on_both_engines(self, sample):
        stored(sample, json={"b": 1, "a": "é", "A": [1, 2]})
        kept = sample.scalar(select(type_coerce(SAMPLE.c.json, Text)))
        assert kept == '{"A":[1,2],"a":"é","b":1}' == canonical_json({"A": [1, 2], "b": 1, "a": "é"})


class TestBeginning:
    def test_a_writing_transaction_begins_before_its_first_read(self, session):
        session.execute(text("SELECT 1"))
        with pytest.raises(RuntimeError, match="before its first read"):
            begin_writing(session)

    def test_after_a_commit_or_a_rollback_another_may_begin(self, session):
        for end in (session.commit, session.rollback):
            begin_writing(session)
            session.execute(text("SELECT 1"))
            end()

    def test_it_begins_once(self, session):
        begin_writing(session)
        with pytest.raises(RuntimeError):
            begin_writing(session)

    @only("sqlite")
    def test_on_sqlite_a_second_writer_waits_for_the_first_and_readers_do_not(self, session, learner):
        engine, begun, seen = db.engine, Event(), []

        def second() -> None:
            with Session(engine) as other:
                begin_writing(other)
                begun.set()
                seen.append(other.get_one(Person, learner.id).name)

        begin_writing(session)
        session.get_one(Person, learner.id).name = "Nama baru"
        session.flush()
        follower = Thread(target=second)
        follower.start()
        with Session(engine) as reader:
            assert reader.get_one(Person, learner.id).name == learner.name
        assert not begun.wait(A_WHILE)
        session.commit()
        follower.join(5)
        assert begun.is_set()
        assert seen == ["Nama baru"]  # it began after the first had ended, so it reads what is true now

    @only("postgresql")
    def test_on_postgresql_two_writers_of_different_rows_do_not_wait(self, session):
        begin_writing(session)
        with Session(db.engine) as other:
            begin_writing(other)
            assert other.scalar(text("SHOW transaction_isolation")) == "read committed"


class TestPragmas:
    @only("sqlite")
    @pytest.mark.parametrize(
        ("pragma", "value"),
        [
            ("foreign_keys", 1),
            ("synchronous", 2),  # FULL
            ("busy_timeout", BUSY_MILLISECONDS),
            ("journal_mode", journal_mode().lower()),
        ],
    )
    def test_every_sqlite_connection_opens_with_them(self, app, pragma, value):
        with db.engine.connect() as first, db.engine.connect() as second:
            for connection in (first, second):
                assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value

    @pytest.mark.parametrize(
        ("version", "mode"),
        [
            ((3, 40, 1), "DELETE"),
            ((3, 51, 2), "DELETE"),
            ((3, 51, 3), "WAL"),
            ((3, 53, 0), "WAL"),
            ((3, 6, 23), "DELETE"),
        ],
    )
    def test_wal_only_where_sqlite_does_not_lose_commits_in_it(self, version, mode):
        module = ModuleType("sqlite")
        module.sqlite_version_info = version  # type: ignore[attr-defined]
        assert journal_mode(module) == mode

    def test_the_sqlite_of_this_machine_is_sound(self):
        assert journal_mode() == "WAL"


class TestConstraints:
    def test_a_foreign_key_to_nobody_is_refused_on_both_engines(self, session):
        begin_writing(session)
        session.add(PersonNumber(person_id=404, number="198704122011012003", started_at=NOON))
        with pytest.raises(IntegrityError) as refused:
            session.flush()
        assert not violates(refused.value, "uq_person_number_number", "person_number.number")

    def test_a_row_is_inserted_once_and_the_second_time_says_so(self, session, learner):
        values = {"person_id": learner.id, "key": "k" * 22, "fingerprint": "f" * 64, "at": NOON}
        begin_writing(session)
        assert insert_if_absent(session, Operation, values) is True
        assert insert_if_absent(session, Operation, {**values, "fingerprint": "g" * 64}) is False
        assert session.scalars(select(Operation.fingerprint)).all() == ["f" * 64]
        session.rollback()
        begin_writing(session)
        assert insert_if_absent(session, Operation, values) is True

    @pytest.mark.parametrize(
        ("number", "constraint", "columns", "by_this"),
        [
            ("198704122011012003", "uq_person_number_number", ("person_number.number",), True),
            ("198704122011012003", "uq_person_number_current", ("person_number.person_id",), False),
            ("198704122011012004", "uq_person_number_current", ("person_number.person_id",), True),
            ("198704122011012004", "uq_person_number_number", ("person_number.number",), False),
        ],
    )
    def test_which_unique_constraint_refused_is_told_apart(
        self, session, learner: Somebody, other_learner, number, constraint, columns, by_this
    ):
        begin_writing(session)
        holder = other_learner.id if number == learner.nip else learner.id
        ended = NOON if number == learner.nip else None
        session.add(PersonNumber(person_id=holder, number=number, started_at=NOON, ended_at=ended))
        with pytest.raises(IntegrityError) as refused:
            session.flush()
        assert violates(refused.value, constraint, *columns) is by_this

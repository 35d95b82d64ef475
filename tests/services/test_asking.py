"""A query put to the driver itself answers, fails and is heard as it would be through the session."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, event, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from app.extensions import db
from courses import clock
from courses.asking import Asked, Told
from courses.database import begin_writing
from courses.people.models import Person, SignIn, Unit

UNIT: Any = Unit.__table__
PERSON: Any = Person.__table__
SIGN_IN: Any = SignIn.__table__
ENTRY = SIGN_IN.c
STATEMENT = select(ENTRY.person_id, ENTRY.seen_at, ENTRY.token_hash).where(
    ENTRY.token_hash == bindparam("token_hash"), ENTRY.expires_at > bindparam("now")
)


def test_it_gives_what_the_session_gives(session, learner):
    enter(session, learner, "a" * 64)
    session.commit()
    values = {"token_hash": "a" * 64, "now": clock.now()}
    row = Asked(STATEMENT).first(session, **values)
    assert row == tuple(session.execute(STATEMENT, values).one())
    assert row[1].tzinfo is not None


def test_a_moment_is_compared_as_a_moment(session, learner):
    enter(session, learner, "a" * 64)
    session.commit()
    late = clock.now() + timedelta(days=2)
    assert Asked(STATEMENT).first(session, token_hash="a" * 64, now=late) is None


def test_outside_a_transaction_it_begins_none(session):
    assert Asked(STATEMENT).first(session, token_hash="x", now=clock.now()) is None
    assert not session.in_transaction()


def test_in_a_transaction_it_sees_what_was_written_there(session, learner):
    begin_writing(session)
    enter(session, learner, "a" * 64)
    assert Asked(STATEMENT).first(session, token_hash="a" * 64, now=clock.now()) is not None
    session.rollback()
    assert Asked(STATEMENT).first(session, token_hash="a" * 64, now=clock.now()) is None


def test_constants_of_the_statement_are_sent(session, learner):
    person = Person.__table__.c
    asked = Asked(select(person.name).where(person.id == bindparam("id"), person.language == "id"))
    assert asked.first(session, id=learner.id) == (learner.name,)


def test_a_failure_is_one_of_sqlalchemy(session):
    broken = Asked(select(ENTRY.token_hash).where(ENTRY.person_id == bindparam("id").op("no operator")(1)))
    with pytest.raises(SQLAlchemyError):
        broken.first(session, id=1)
    assert Asked(STATEMENT).first(session, token_hash="x", now=clock.now()) is None


def test_a_database_that_is_away_is_an_operational_error(session, monkeypatch):
    dialect = db.engine.dialect

    def gone():
        raise dialect.loaded_dbapi.OperationalError("gone")

    monkeypatch.setattr(db.engine, "raw_connection", gone)
    with pytest.raises(OperationalError):
        Asked(STATEMENT).first(session, token_hash="x", now=clock.now())


def test_who_listens_to_the_engine_hears_it(session):
    heard = []

    def note(_connection, _cursor, statement, *_):
        heard.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    Asked(STATEMENT).first(session, token_hash="x", now=clock.now())
    event.remove(db.engine, "before_cursor_execute", note)
    assert [words.split()[0] for words in heard] == ["SELECT"]


def enter(session: Session, who, hashed: str) -> None:
    now = clock.now()
    session.add(
        SignIn(
            token_hash=hashed,
            person_id=who.id,
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(days=1),
        )
    )


def test_what_is_told_is_part_of_the_transaction_and_counted(session, learner):
    enter(session, learner, "a" * 64)
    session.commit()
    later = clock.now() + timedelta(days=9)
    told = Told(update(SIGN_IN).where(ENTRY.person_id == bindparam("who")).values(expires_at=bindparam("at")))
    begin_writing(session)
    assert told.count(session, who=learner.id, at=later) == 1
    assert told.count(session, who=404, at=later) == 0
    session.rollback()
    assert Asked(STATEMENT).first(session, token_hash="a" * 64, now=later - timedelta(days=1)) is None


def test_rows_are_told_at_once(session):
    told = Told(insert(UNIT).values(name=bindparam("name"), id=bindparam("id")))
    begin_writing(session)
    told.rows(session, [{"id": 7, "name": "Tujuh"}, {"id": 8, "name": "Delapan"}])
    session.commit()
    assert session.scalars(select(Unit.name).order_by(Unit.id)).all() == ["Tujuh", "Delapan"]


def test_a_broken_constraint_is_an_integrity_error(session):
    told = Told(insert(UNIT).values(name=bindparam("name"), id=bindparam("id")))
    begin_writing(session)
    with pytest.raises(IntegrityError):
        told.rows(session, [{"id": 7, "name": "Tujuh"}, {"id": 7, "name": "Lagi"}])
    session.rollback()


def test_a_default_that_python_gives_is_refused(session):
    row: dict[str, Any] = {"name": bindparam("name"), "created_at": bindparam("at")}
    told = Told(insert(PERSON).values(row))
    begin_writing(session)
    with pytest.raises(TypeError):
        told.count(session, name="x", at=clock.now())


def test_the_connection_of_an_ended_transaction_is_not_written_on(session, learner):
    begin_writing(session)
    enter(session, learner, "b" * 64)
    session.commit()
    assert Asked(STATEMENT).first(session, token_hash="b" * 64, now=clock.now()) is not None
    assert not session.in_transaction()
    begin_writing(session)
    enter(session, learner, "c" * 64)
    session.rollback()
    assert Asked(STATEMENT).first(session, token_hash="c" * 64, now=clock.now()) is None

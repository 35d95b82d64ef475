"""Every hot query finds its rows by an index, on both engines, and every foreign key has one or a reason."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, UniqueConstraint, event
from sqlalchemy.orm import Session

from app.extensions import db
from courses import audit, clock
from courses.assessment import expiring, reviewing, taking
from courses.catalogue import editions
from courses.certification import issuing, listing, register
from courses.certification.models import Certificate
from courses.database import Base
from courses.errors import Refusal
from courses.jobs import claim_next, something_due
from courses.learning import enrolling
from courses.operations import claim
from courses.people import access, finding, persons, reach, resetting, roles, sessions, signing_in
from tests.people import Somebody
from tests.services.certification.awards import ARSIP, ISSUER, approved, earned, paper
from tests.services.crowd import writing
from tests.services.editions import course, exam, published

ADMIN = sessions.SignedIn(1, "A", "", "id", frozenset({"admin"}), "", clock.now())
OFFICE_ADMIN = replace(ADMIN, roles=frozenset({"office_admin"}), offices=frozenset({1}))
GRACE = timedelta(seconds=10)
Act = Callable[[Session], object]
Statement = tuple[str, Any]

# Children that nobody looks for by this parent: editions, awards and people are never deleted.
NEVER_LOOKED_UP = {
    "attempt.edition_id",
    "award.decided_by",
    "award.edition_id",
    "certificate.award_id",  # the one in force has an index of its own
    "certificate.revoked_by",
    "completion.edition_id",
    "draft_change.number",  # found by the course, which leads
    "draft_review.asked_by",
    "draft_review.decided_by",
    "draft_version.by_id",
    "edition.published_by",
    "enrolment.completed_edition_id",
}
# Read whole on purpose: a handful of rows; `anon_1` is the queue that a recursive query works through.
SMALL = {"signing_key", "anon_1"}


def test_every_foreign_key_has_an_index_or_a_reason():
    without = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.parent.name not in _led_by(table)
    }
    assert without == NEVER_LOOKED_UP


def _led_by(table: Table) -> set[str]:
    """The columns by which rows are found: the first of each whole index, key or unique constraint."""
    whole = [list(i.columns) for i in table.indexes if i.dialect_options["sqlite"]["where"] is None]
    unique = [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    return {columns[0].name for columns in [*whole, *unique, list(table.primary_key.columns)]}


def statements_of(act: Act) -> list[Statement]:
    """The statements that an act sends, with what is bound to them."""
    seen: list[Statement] = []

    def note(_connection: object, _cursor: object, statement: str, bound: Any, *_: object) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            seen.append((statement, bound[0] if isinstance(bound, list) else bound))

    editions.forget()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        writing(act)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return seen


def read_whole(connection: Connection, statement: Statement) -> list[str]:
    """The tables that an engine would read from end to end for a statement."""
    sql, bound = statement
    if connection.dialect.name == "sqlite":
        lines = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", bound)]
        return [line.split()[1] for line in lines if line.startswith("SCAN") and " INDEX " not in line]
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # small tables are read whole, rightly
    lines = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {sql}", bound)]
    return [line.partition("Seq Scan on ")[2].split()[0] for line in lines if "Seq Scan on " in line]


@pytest.fixture
def someone(learner) -> Somebody:
    """A learner in the middle of everything: enrolled, an attempt begun, a certificate numbered."""
    view = published(course("ujian-saja", exam("ujian")))

    def begin(session: Session) -> None:
        enrolling.enrol(session, learner.id, view)
        place = enrolling.standing(session, learner.id, "ujian-saja")
        taking.start(session, place, view, view.outline.steps[0])

    writing(begin)
    approved(earned(learner, ARSIP))
    return learner


def _standing(session: Session, who: Somebody) -> enrolling.Standing:
    return enrolling.standing(session, who.id, "ujian-saja")


def _attempt(session: Session, who: Somebody):
    return taking.held_attempt(session, _standing(session, who), "ujian")


HOT: dict[str, Callable[[Somebody], Act]] = {
    "who is behind a token": lambda _: lambda s: sessions.signed_in(s, "x"),
    "who signs in": lambda who: lambda s: signing_in.look_up(s, who.nip, "203.0.113.7"),
    "touching a session": lambda _: lambda s: sessions.touch(s, "x"),
    "ending every session": lambda who: lambda s: sessions.close_all(s, who.id),
    "sessions of a person": lambda who: lambda s: sessions.open_sessions(s, replace(ADMIN, id=who.id)),
    "ending the other sessions": lambda who: lambda s: sessions.close_others(s, replace(ADMIN, id=who.id)),
    "ending one of them": lambda who: lambda s: sessions.close_own(s, who.id, "x"),
    "who looked at a person": lambda who: lambda s: access.looks_at(s, who.id, before=100),
    "asking for a new password": lambda who: lambda s: resetting.ask(s, who.email, "203.0.113.7"),
    "who gets that letter": lambda _: lambda s: resetting.recipient(s, 1),
    "telling that it was sent": lambda _: lambda s: resetting.sent(s, 1, "x"),
    "a password by a token": lambda _: lambda s: _refused(lambda: resetting.reset(s, "x", "y")),
    "a number of a person": lambda who: lambda s: persons.current_nip(s, who.id),
    "people by a word": lambda _: lambda s: finding.find(s, ADMIN, finding.Sought("nur"), after=1),
    "people of an office": lambda _: lambda s: finding.find(s, OFFICE_ADMIN, finding.Sought()),
    "a person of an office": lambda who: lambda s: _refused(lambda: reach.reached(s, OFFICE_ADMIN, who.id)),
    "roles of a person": lambda who: lambda s: roles.held_roles(s, who.id),
    "a course in the catalogue": lambda _: lambda s: editions.current_edition(s, "arsip"),
    "a page": lambda who: lambda s: editions.edition_and_page(s, _standing(s, who).edition_id, "ujian"),
    "media": lambda _: lambda s: _refused(lambda: editions.media_type(s, "a" * 64)),
    "where a learner stands": lambda who: lambda s: _standing(s, who),
    "the courses of a learner": lambda who: lambda s: enrolling.standings(s, who.id),
    "attempts": lambda who: lambda s: taking.attempts(s, _standing(s, who), "ujian"),
    "an attempt's page": lambda who: lambda s: reviewing.asked(s, _attempt(s, who)),
    "saving": lambda who: lambda s: taking.save(s, _attempt(s, who), {}, grace=GRACE),
    "submitting": lambda who: (
        lambda s: taking.submit(
            s, _standing(s, who), _attempt(s, who), taking.mark(s, _attempt(s, who), {}), grace=GRACE
        )
    ),
    "attempts whose time ran out": lambda _: lambda s: expiring.something_expired(s, GRACE),
    "grading those": lambda _: lambda s: expiring.grade_expired(s, GRACE),
    "an operation": lambda who: lambda s: _claimed_twice(s, who),
    "what a worker looks for": lambda _: something_due,
    "a job": lambda _: claim_next,
    "a certificate by its code": lambda _: lambda s: register.verify_code(s, paper(_one(s)).code),
    "a certificate by its file": lambda _: lambda s: register.verify_file(s, b"%PDF-1.7"),
    "a document": lambda who: (
        lambda s: _refused(lambda: register.document_of(s, paper(_one(s)).code, who.id))
    ),
    "awards that wait": lambda _: lambda s: listing.waiting(s, after=1),
    "certificates": lambda _: lambda s: listing.numbered(s, before=100),
    "certificates in a state": lambda _: lambda s: listing.numbered(s, "issued", before=100),
    "papers of a person": lambda who: lambda s: listing.held_by(s, who.id),
    "hours of a person": lambda who: lambda s: listing.hours_in_year(s, who.id, 2026),
    "an approval": lambda _: lambda s: _refused(lambda: issuing.approve(s, 404, ISSUER, by=0)),
    "the history of a certificate": lambda _: lambda s: audit.entries_about(s, ("certificate", 1)),
    "the trail": lambda _: lambda s: audit.record(s, "act", ("course", 1)),
}


def _one(session: Session) -> int:
    return session.query(Certificate.id).limit(1).scalar()


def _claimed_twice(session: Session, who: Somebody) -> None:
    for _ in range(2):
        _refused(lambda: claim(session, who.id, "k" * 22, "f" * 64))


def _refused(act: Callable[[], object]) -> None:
    with suppress(Refusal):
        act()


@pytest.mark.parametrize("what", HOT)
def test_a_hot_query_reads_no_table_whole(someone, what):
    statements = statements_of(HOT[what](someone))
    assert statements
    with db.engine.connect() as connection:
        found = {sql: read_whole(connection, (sql, bound)) for sql, bound in statements}
        connection.rollback()
    assert {sql: tables for sql, tables in found.items() if set(tables) - SMALL} == {}

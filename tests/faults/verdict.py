"""What must hold after a fault: everything acknowledged is stored, once, and says what was answered.

Functions return what is wrong, in words; an empty list is what a test wants.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.assessment.models import Attempt, Response
from courses.certification.models import Certificate, NumberSequence
from courses.certification.register import Status, verify_file
from courses.learning.models import Completion, Enrolment
from courses.operations.models import Operation
from courses.storage import ObjectStore
from tests.faults.load import EXAM, PRACTICE, RIGHT, Entry

Key = tuple[int, str]


def lost(session: Session, entries: Iterable[Entry]) -> list[str]:
    """Acknowledged writes that are not there: neither their operation with its reply, nor their effect."""
    return [*_without_reply(session, entries), *_without_effect(session, entries)]


def twice(session: Session, entries: Sequence[Entry]) -> list[str]:
    """Writes that nobody acknowledged, or that happened more often than they were acknowledged.

    Only for writers who ended well: they sent every write until it was acknowledged.
    """
    acknowledged = Counter(entry.person for entry in entries)
    stored = dict(
        session.execute(select(Operation.person_id, func.count()).group_by(Operation.person_id)).all()
    )
    found = [
        f"person {one}: {stored.get(one)} of {n}" for one, n in acknowledged.items() if stored.get(one) != n
    ]
    started = Counter((entry.person, entry.step) for entry in entries if entry.what == "start")
    for (person, step), number in _attempts_a_person(session).items():
        if started[person, step] != number:
            found.append(f"person {person} has {number} attempts at {step}, started {started[person, step]}")
    return found


def wrong_grades(session: Session, entries: Iterable[Entry]) -> list[str]:
    """Submitted practices whose grade is not what an independent look at the answer gives."""
    handed_in = {
        entry.person: entry.value for entry in entries if (entry.what, entry.step) == ("submit", PRACTICE)
    }
    rows = session.execute(
        select(Enrolment.person_id, Attempt.earned)
        .join(Attempt, Attempt.enrolment_id == Enrolment.id)
        .where(Attempt.step_id == PRACTICE, Attempt.state == "graded")
    ).all()
    earned = {row[0]: row[1] for row in rows}
    return [
        f"person {person} answered {value} and earned {earned.get(person)}"
        for person, value in handed_in.items()
        if earned.get(person) != (1 if value == RIGHT else 0)
    ]


def wrong_certificates(session: Session, entries: Iterable[Entry], objects: ObjectStore) -> list[str]:
    """Certificates that are missing, doubled, not signed, not whole, or numbered with a gap."""
    finished = {entry.person for entry in entries if (entry.what, entry.step) == ("submit", EXAM)}
    papers = session.scalars(select(Certificate)).all()
    by_person = Counter(paper.person_id for paper in papers)
    found = [f"person {one} has {by_person[one]} certificates" for one in finished if by_person[one] != 1]
    numbers = sorted(paper.sequence for paper in papers)
    last = session.scalar(select(func.max(NumberSequence.value))) or 0
    if numbers != list(range(1, last + 1)):
        found.append(f"the numbers are not 1 to {last}")
    found += [f"{one.number} is {one.state}" for one in papers if one.state != "issued"]
    return found + invalid_certificates(session, objects)


def invalid_certificates(session: Session, objects: ObjectStore) -> list[str]:
    """Issued certificates whose document is not there, or does not verify."""
    papers = session.execute(
        select(Certificate.number, Certificate.pdf_sha256).where(Certificate.state == "issued")
    )
    statuses = {
        number: verify_file(session, objects.get(str(sha256))).status for number, sha256 in papers.all()
    }
    return [f"{number} is {status}" for number, status in statuses.items() if status is not Status.VALID]


def stored(session: Session, entries: Iterable[Entry]) -> list[Entry]:
    """Those of the entries whose operation is there."""
    there = {(row[0], row[1]) for row in session.execute(select(Operation.person_id, Operation.key))}
    return [entry for entry in entries if (entry.person, entry.operation) in there]


def _without_reply(session: Session, entries: Iterable[Entry]) -> Iterator[str]:
    rows = session.execute(select(Operation.person_id, Operation.key, Operation.reply)).all()
    replies: dict[Key, Any] = {(row[0], row[1]): row[2] for row in rows}
    for entry in entries:
        reply = replies.get((entry.person, entry.operation)) or {}
        if (reply.get("status"), reply.get("location")) != (entry.status, entry.location):
            yield f"{entry} is stored as {reply}"


def _without_effect(session: Session, entries: Iterable[Entry]) -> Iterator[str]:
    enrolled = set(session.scalars(select(Enrolment.person_id)))
    done = _steps(session, Completion)
    started = _steps(session, Attempt)
    graded = _steps(session, Attempt, Attempt.state == "graded")
    sought = {"enrol": {(one, "") for one in enrolled}, "done": done, "start": started, "submit": graded}
    last_answers: dict[int, Entry] = {}
    for entry in entries:
        if entry.what in sought and (entry.person, entry.step) not in sought[entry.what]:
            yield f"{entry} left no row"
        if entry.what in {"save", "submit"} and entry.step == PRACTICE:
            last_answers[entry.person] = entry
    answers = _practice_answers(session)
    for person, entry in last_answers.items():
        if answers.get(person) != {"text": entry.value}:
            yield f"{entry} is stored as {answers.get(person)}"


def _steps(session: Session, model: Any, *more: Any) -> set[Key]:
    rows = select(Enrolment.person_id, model.step_id).join(model, model.enrolment_id == Enrolment.id)
    return {(row[0], row[1]) for row in session.execute(rows.where(*more))}


def _practice_answers(session: Session) -> dict[int, Any]:
    rows = (
        select(Enrolment.person_id, Response.answer)
        .join(Attempt, Attempt.enrolment_id == Enrolment.id)
        .join(Response, Response.attempt_id == Attempt.id)
        .where(Attempt.step_id == PRACTICE, Response.position == 0)
    )
    return {row[0]: row[1] for row in session.execute(rows)}


def _attempts_a_person(session: Session) -> dict[Key, int]:
    rows = (
        select(Enrolment.person_id, Attempt.step_id, func.count())
        .join(Attempt, Attempt.enrolment_id == Enrolment.id)
        .group_by(Enrolment.person_id, Attempt.step_id)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(rows)}

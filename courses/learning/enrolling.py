"""Enrolling, and where a learner stands in a course: one row, one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import Session

from courses import clock
from courses.asking import Asked, Asker
from courses.catalogue.editions import EditionView
from courses.catalogue.models import CourseRow, Edition
from courses.database import insert_if_absent
from courses.errors import Forbidden, NotFound
from courses.learning.models import Completion, Enrolment
from courses.learning.progress import Records

SEPARATOR = ","


class NotEnrolled(NotFound):
    """The person has no enrolment in a course of that name."""


class RequirementsMissing(Forbidden):
    """Courses to finish first; `slugs` names them."""

    def __init__(self, slugs: tuple[str, ...]) -> None:
        super().__init__(slugs=slugs)
        self.slugs = slugs


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands in a course: the enrolment, its records, and the edition current now."""

    enrolment_id: int
    person_id: int
    course_id: int
    slug: str
    edition_id: int
    enrolled_at: datetime
    completed_at: datetime | None
    records: Records


def enrol(session: Session, person_id: int, edition: EditionView) -> bool:
    """Enrol a person in a course; twice is once, whatever a new edition requires.

    Returns:
        Whether this call enrolled them.

    Raises:
        RequirementsMissing: the course asks for others to be finished first.
    """
    missing = _missing(session, person_id, edition.outline.requires)
    if missing and not _is_enrolled(session, person_id, edition.course_id):
        raise RequirementsMissing(missing)
    values = {"person_id": person_id, "course_id": edition.course_id, "enrolled_at": clock.now()}
    return insert_if_absent(session, Enrolment, values)


def standing(session: Asker, person_id: int, slug: str) -> Standing:
    """Where a person stands in a course, in one query.

    Raises:
        NotEnrolled: no enrolment, no such course, or no edition: one answer for all.
    """
    row = _STANDING.first(session, person_id=person_id, slug=slug)
    if row is None:
        raise NotEnrolled(slug=slug)
    return _standing(row, person_id)


def standings(session: Session, person_id: int) -> list[Standing]:
    """Every course of a person, the latest enrolment first."""
    return [_standing(row, person_id) for row in session.execute(_STANDINGS, {"person_id": person_id})]


def records_text(enrolment_id: ColumnElement[int]) -> Select[Any]:
    """Ask for what is recorded of an enrolment: one text for `records_of`, instead of one row per step.

    It saves a third of the time of a lesson view.
    """
    completion = Completion.__table__.c
    mark = case(
        (completion.passed.is_(None), literal_column("''")),
        (completion.passed.is_(True), literal_column("'+'")),
        else_=literal_column("'-'"),
    )
    comma: Any = literal_column(f"'{SEPARATOR}'")  # as a parameter, it would be spelt out at each request
    together = func.aggregate_strings(mark + completion.step_id, comma)
    return select(together).where(completion.enrolment_id == enrolment_id)


def records_of(text: str | None) -> Records:
    """The records back from the text of `records_text`."""
    records: dict[str, bool | None] = {}
    for word in text.split(SEPARATOR) if text else ():
        if word[0] in "+-":
            records[word[1:]] = word[0] == "+"
        else:
            records[word] = None
    return records


def _standings() -> Select[Any]:
    """The query behind every page of a course; made once, of tables: classes cost a third more."""
    enrolment = Enrolment.__table__.c
    course, edition = CourseRow.__table__, Edition.__table__
    records = records_text(enrolment.id).scalar_subquery()
    return (
        select(
            enrolment.id,
            enrolment.course_id,
            course.c.slug,
            edition.c.id,
            enrolment.enrolled_at,
            enrolment.completed_at,
            records,
        )
        .join_from(Enrolment.__table__, course, course.c.id == enrolment.course_id)
        .join(edition, and_(edition.c.course_id == course.c.id, edition.c.is_current))
        .where(enrolment.person_id == bindparam("person_id"))
    )


_STANDING = Asked(_standings().where(CourseRow.__table__.c.slug == bindparam("slug")))
_STANDINGS = _standings().order_by(Enrolment.__table__.c.enrolled_at.desc(), Enrolment.__table__.c.id.desc())


def _standing(row: Sequence[Any], person_id: int) -> Standing:
    return Standing(
        enrolment_id=row[0],
        person_id=person_id,
        course_id=row[1],
        slug=row[2],
        edition_id=row[3],
        enrolled_at=row[4],
        completed_at=row[5],
        records=records_of(row[6]),
    )


def _is_enrolled(session: Session, person_id: int, course_id: int) -> bool:
    found = select(Enrolment.id).where(Enrolment.person_id == person_id, Enrolment.course_id == course_id)
    return session.scalar(found) is not None


def _missing(session: Session, person_id: int, required: Sequence[str]) -> tuple[str, ...]:
    if not required:
        return ()
    finished = session.scalars(
        select(CourseRow.slug)
        .join(Enrolment, Enrolment.course_id == CourseRow.id)
        .where(
            Enrolment.person_id == person_id,
            Enrolment.completed_at.is_not(None),
            CourseRow.slug.in_(required),
        )
    ).all()
    return tuple(slug for slug in required if slug not in finished)

"""Publishing: a source becomes an edition, or every problem in it. The same source again changes nothing.

Reading, rendering and storing objects happen before the transaction that writes (`prepare`); the writing one
(`publish`) looks again at what is current, so that two publishers cannot both follow the same edition.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses import clock, randomness
from courses.authoring import parse, render
from courses.authoring.course import Course, Question, Quiz
from courses.authoring.problems import Problem
from courses.authoring.rendered import RenderedCourse, RenderedQuestion, RenderedQuiz
from courses.authoring.source import Source
from courses.catalogue import questions
from courses.catalogue.models import CourseRow, Edition, MediaFile, Page, QuestionRow
from courses.catalogue.outline import outline_of, to_data
from courses.database import insert_if_absent
from courses.errors import Invalid
from courses.storage import ObjectStore


class CourseHasProblems(Invalid):
    """A course with errors is not published; `problems` names each with its place."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__()
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Prepared:
    """A course that was read and rendered and whose files are stored: ready to become an edition."""

    course: Course
    rendered: RenderedCourse
    digest: str
    manifest: dict[str, str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """The edition that is current now. `fresh` tells whether this call made it."""

    slug: str
    edition_id: int
    number: int
    fresh: bool
    problems: tuple[Problem, ...]


def prepare(source: Source, objects: ObjectStore) -> Prepared:
    """Read, check and render a source, and store its files. Touches no database.

    Raises:
        CourseHasProblems: there is at least one error; nothing was stored.
    """
    parsed = parse(source)
    if parsed.course is None:
        raise CourseHasProblems(parsed.problems)
    rendering = render(parsed.course, source)
    problems = (*parsed.problems, *rendering.problems)
    if rendering.course is None:
        raise CourseHasProblems(problems)
    manifest = {path: objects.put(content) for path, content in sorted(source.files.items())}
    return Prepared(parsed.course, rendering.course, source.digest, manifest, problems)


def publish(session: Session, prepared: Prepared, *, by: int | None = None) -> Published:
    """Make a prepared course the current edition, unless it already is.

    Args:
        session: a writing transaction.
        prepared: from `prepare`.
        by: the person who publishes; None for a command.
    """
    slug = prepared.course.slug
    course = _course_row(session, slug)
    current = session.scalars(
        select(Edition).where(Edition.course_id == course.id, Edition.is_current).with_for_update()
    ).first()
    if current is not None and current.digest == prepared.digest:
        return Published(slug, current.id, current.number, False, prepared.problems)
    session.execute(update(Edition).where(Edition.course_id == course.id).values(is_current=False))
    number = 1 if current is None else _last_number(session, course.id) + 1
    edition = _edition(prepared, course.id, number, by)
    session.add(edition)
    session.flush()
    session.add_all(_rows(prepared, edition.id))
    session.flush()
    return Published(slug, edition.id, number, True, prepared.problems)


def _course_row(session: Session, slug: str) -> CourseRow:
    """The row of a course, made now unless it is there; held, so that publishers follow one another."""
    insert_if_absent(session, CourseRow, {"slug": slug, "created_at": clock.now()})
    return session.scalars(select(CourseRow).where(CourseRow.slug == slug).with_for_update()).one()


def _last_number(session: Session, course_id: int) -> int:
    numbers = select(Edition.number).where(Edition.course_id == course_id)
    return session.scalars(numbers.order_by(Edition.number.desc()).limit(1)).one()


def _edition(prepared: Prepared, course_id: int, number: int, by: int | None) -> Edition:
    course = prepared.course
    return Edition(
        course_id=course_id,
        number=number,
        is_current=True,
        digest=prepared.digest,
        token=randomness.token(),
        title=course.title,
        hours=course.hours,
        outline=to_data(outline_of(course, prepared.rendered)),
        description_html=prepared.rendered.description_html,
        manifest=prepared.manifest,
        published_at=clock.now(),
        published_by=by,
    )


def _rows(prepared: Prepared, edition_id: int) -> Iterator[Page | QuestionRow | MediaFile]:
    course, rendered = prepared.course, prepared.rendered
    for step in course.steps:
        if isinstance(step, Quiz):
            quiz = rendered.quizzes[step.id]
            yield Page(edition_id=edition_id, step_id=step.id, html=quiz.intro_html, headings=[])
            yield from _questions(edition_id, step, quiz)
        else:
            lesson = rendered.lessons[step.id]
            headings = [[h.id, h.text, h.level] for h in lesson.headings]
            yield Page(edition_id=edition_id, step_id=step.id, html=lesson.html, headings=headings)
    for bank in course.banks:
        yield from _questions(edition_id, bank, rendered.banks[bank.id])
    for media in course.media:
        yield MediaFile(
            edition_id=edition_id, path=media.path, sha256=media.sha256, type=media.type, size=media.size
        )


def _questions(edition_id: int, holder: Quiz, rendered: RenderedQuiz) -> Iterator[QuestionRow]:
    for position, question in enumerate(holder.questions):
        yield _question(edition_id, holder.id, position, question, rendered.questions[question.id])


def _question(
    edition_id: int, holder: str, position: int, question: Question, rendered: RenderedQuestion
) -> QuestionRow:
    return QuestionRow(
        edition_id=edition_id,
        holder=holder,
        question_id=question.id,
        position=position,
        type=questions.type_of(question.answers),
        points=question.points,
        shown=questions.shown(question, rendered),
        key=questions.key(question, rendered),
    )

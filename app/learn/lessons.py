"""Enrolling, reading a lesson, and marking it done."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import abort, redirect, request, url_for
from flask_babel import gettext, ngettext
from itsdangerous import BadSignature
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.extensions import asker, db
from app.languages import chosen
from app.learn.pages import blueprint
from app.security import person, requires
from app.services import services, settings
from app.shells import hole, shell
from app.steps import outline_html, step_url
from app.writing import say, writes
from courses import clock
from courses.catalogue.editions import CourseNotFound, EditionView, current_edition, edition, edition_and_page
from courses.catalogue.outline import OutlineStep
from courses.errors import NotFound
from courses.learning.completing import TooSoon, complete_lesson, seconds_left
from courses.learning.enrolling import NotEnrolled, RequirementsMissing, Standing, standing
from courses.learning.enrolling import enrol as enrol_person
from courses.learning.progress import is_done, open_steps, progress


class StepNotFound(NotFound):
    """The course has no such step."""


@dataclass(frozen=True, slots=True)
class LessonView:
    """A lesson as its page shows it."""

    title: str
    html: Markup
    headings: tuple[tuple[str, str, int], ...]
    module_title: str
    position: int
    of: int
    minutes: int
    percent: int
    done: bool
    previous_url: str | None
    next_url: str | None
    locked_next: bool


@blueprint.post("/<course>/enrol")
@requires("learn")
@writes
def enrol(course: str) -> Response:
    """Enrol in a course and go to its first step."""
    view = current_edition(db.session(), course)
    try:
        if enrol_person(db.session(), person().id, view):
            say(gettext("Anda sudah terdaftar. Selamat belajar."))
    except RequirementsMissing as refusal:
        titles = ", ".join(_title(slug) for slug in refusal.slugs)
        say(gettext("Selesaikan dulu pelatihan ini: %(courses)s.", courses=titles), "warning")
        return redirect(url_for("catalogue.course", course=course), 303)
    return redirect(url_for("learn.course", course=course), 303)


@blueprint.get("/<course>/")
@requires("learn")
def course(course: str) -> Response:
    """Go to where the learner left off."""
    try:
        where = standing(db.session(), person().id, course)
    except NotEnrolled:
        return redirect(url_for("catalogue.course", course=course), 303)
    view = edition(db.session(), where.edition_id)
    step = progress(view.outline, where.records).next_step
    target = url_for("catalogue.course", course=course) if step is None else step_url(course, step)
    return redirect(target, 303)


@blueprint.get("/<course>/<lesson>")
@requires("learn")
def lesson(course: str, lesson: str) -> Response | str:
    """Read a lesson."""
    try:
        where = standing(asker(), person().id, course)
    except NotEnrolled:
        return redirect(url_for("catalogue.course", course=course), 303)
    key = (where.edition_id, lesson, chosen(), frozenset(where.records.items()))
    page = shell("learn/lesson.html", key, lambda: _values(where, lesson))
    return page.answer(opened=lambda: _opened(where, lesson))


@blueprint.post("/<course>/<lesson>/done")
@requires("learn")
@writes
def done(course: str, lesson: str) -> Response:
    """Mark a lesson done and go to the next step."""
    session = db.session()
    where = standing(session, person().id, course)
    view = edition(session, where.edition_id)
    step = view.outline.step(lesson)
    if step is None or step.quiz is not None:
        raise StepNotFound(step=lesson)
    left = _left(step, _opened_at(where, step))
    complete_lesson(session, where, view, step, left=left)
    records = {**where.records, step.id: None}
    after = _neighbour(view, step, 1)
    if after is None or after.id not in open_steps(view.outline, records):
        return redirect(url_for("learn.course", course=course), 303)
    return redirect(step_url(course, after), 303)


@blueprint.errorhandler(TooSoon)
def too_soon(refusal: TooSoon) -> Response:
    """Back to the lesson, with the time that is left; the opening time was kept by the form."""
    db.session.rollback()
    say_left = ngettext(
        "Pelajaran ini dapat ditandai selesai %(num)s detik lagi.",
        "Pelajaran ini dapat ditandai selesai %(num)s detik lagi.",
        refusal.seconds,
    )
    say(say_left, "warning")
    arguments = request.view_args or {}
    opened = request.form.get("opened", "")
    return redirect(url_for("learn.lesson", **arguments, opened=opened), 303)


def _values(where: Standing, lesson: str) -> dict[str, object]:
    """What the page of a lesson shows to everyone who is as far as this."""
    view, page = edition_and_page(db.session(), where.edition_id, lesson)
    step = view.outline.step(lesson)
    if step is None or page is None:
        raise StepNotFound(step=lesson)
    if step.quiz is not None:
        abort(redirect(step_url(where.slug, step), 303))
    if step.id not in open_steps(view.outline, where.records):
        abort(_locked(view, where, step))
    return {
        "page": _page(view, where, step, Markup(page.html), page.headings),  # noqa: S704 - cleaned
        "outline_html": outline_html(view, where.records, step.id),
        "course_title": view.outline.title,
        "course_slug": where.slug,
        "lesson_id": step.id,
        "opened": hole("opened"),
        "minimum_left": _left(step, clock.now()) if step.id not in where.records else 0,
        "notice": None,
    }


def _title(slug: str) -> str:
    """The title of a course; its name where there is no such course yet."""
    try:
        return current_edition(db.session(), slug).outline.title
    except CourseNotFound:
        return slug


def _page(
    view: EditionView,
    where: Standing,
    step: OutlineStep,
    html: Markup,
    headings: tuple[tuple[str, str, int], ...],
) -> LessonView:
    outline = view.outline
    before, after = _neighbour(view, step, -1), _neighbour(view, step, 1)
    siblings = [other for other in outline.steps if other.module == step.module]
    module = outline.modules[step.module].title if step.module is not None else outline.title
    return LessonView(
        title=step.title,
        html=html,
        headings=headings,
        module_title=module,
        position=siblings.index(step) + 1,
        of=len(siblings),
        minutes=step.minutes,
        percent=progress(outline, where.records).percent,
        done=is_done(outline, step, where.records),
        previous_url=step_url(view.slug, before) if before else None,
        next_url=step_url(view.slug, after) if after else None,
        locked_next=after is not None and after.id not in open_steps(outline, where.records),
    )


def _locked(view: EditionView, where: Standing, step: OutlineStep) -> Response:
    following = progress(view.outline, where.records).next_step
    say(
        gettext(
            "“%(title)s” terbuka setelah semua langkah sebelumnya selesai. Lanjutkan dari sini.",
            title=step.title,
        ),
        "info",
    )
    target = step_url(view.slug, following) if following else url_for("catalogue.course", course=view.slug)
    return redirect(target, 303)


def _neighbour(view: EditionView, step: OutlineStep, offset: int) -> OutlineStep | None:
    index = view.outline.steps.index(step) + offset
    return view.outline.steps[index] if 0 <= index < len(view.outline.steps) else None


def _opened(where: Standing, step_id: str) -> str:
    """The signed moment at which this person opened this lesson; one that came along is kept."""
    kept = request.args.get("opened", "")
    if kept and _read_opened(kept, where, step_id) is not None:
        return kept
    moment = int(clock.now().timestamp())
    signed = services().opening_times.dumps([where.person_id, where.course_id, step_id, moment])
    return signed if isinstance(signed, str) else signed.decode("ascii")


def _opened_at(where: Standing, step: OutlineStep) -> datetime:
    return _read_opened(request.form.get("opened", ""), where, step.id) or clock.now()


def _read_opened(text: str, where: Standing, step_id: str) -> datetime | None:
    try:
        person_id, course_id, opened_id, moment = services().opening_times.loads(text)
        if [person_id, course_id, opened_id] != [where.person_id, where.course_id, step_id]:
            return None
        return datetime.fromtimestamp(moment, UTC)
    except (BadSignature, ValueError, TypeError, OverflowError):
        return None


def _left(step: OutlineStep, opened_at: datetime) -> int:
    return seconds_left(step, opened_at, settings().least_seconds)

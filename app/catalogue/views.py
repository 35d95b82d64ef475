"""The front: home, the catalogue, and a page for each course. Open to everyone."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import Blueprint, Response, render_template
from flask_babel import gettext
from markupsafe import Markup

from app.courses_of import EnrolledCard, enrolled_card, enrolled_cards
from app.extensions import db
from app.languages import chosen
from app.security import public, visitor
from app.services import settings
from app.shells import shell
from app.steps import ModuleView, modules, step_url
from courses import clock
from courses.catalogue.editions import EditionView, all_current, current_edition, edition
from courses.certification.listing import hours_in_year
from courses.development.closing import closing
from courses.learning.enrolling import NotEnrolled, Standing, standing, standings
from courses.learning.progress import progress
from courses.people.sessions import SignedIn

blueprint = Blueprint("catalogue", __name__)


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course in a list."""

    slug: str
    title: str
    summary: str
    hours: Decimal
    kind_label: str
    lessons: int
    quizzes: int
    minutes: int
    certificate_label: str


@dataclass(frozen=True, slots=True)
class CourseDetail:
    """A course on its own page."""

    slug: str
    title: str
    summary: str
    hours: Decimal
    kind_label: str
    level: int | None
    provider: str
    partners: tuple[str, ...]
    objectives: tuple[str, ...]
    description_html: Markup
    certificate_label: str
    lessons: int
    quizzes: int
    minutes: int
    outline: tuple[ModuleView, ...]


@dataclass(frozen=True, slots=True)
class ResumeCard:
    """Where to go on: the next step of the course that was entered last and is not finished."""

    course_title: str
    course_slug: str
    step_title: str
    step_kind: str
    url: str
    module_title: str
    position: int
    of: int
    minutes: int
    percent: int


@blueprint.get("/")
@public
def home() -> Response | str:
    """What to do next, or for a visitor what Bina is."""
    who = visitor()
    everything = all_current(db.session())
    if who is None:
        return _listed("catalogue/landing.html", everything)
    return _home(who, everything)


@blueprint.get("/courses/")
@public
def index() -> Response:
    """Every course."""
    return _listed("catalogue/index.html", all_current(db.session()))


@blueprint.get("/courses/<course>")
@public
def course(course: str) -> Response | str:
    """A course: what it brings, what is in it, and where one stands."""
    view = current_edition(db.session(), course)
    where = _standing(course)
    if where is None:
        page = shell(
            "catalogue/course.html",
            (chosen(), view.id),
            lambda: {"course": _detail(view, None), "enrolment": None},
        )
        return page.answer()
    return render_template(
        "catalogue/course.html", course=_detail(view, where), enrolment=enrolled_card(view, where)
    )


def _listed(template: str, everything: list[EditionView]) -> Response:
    """A page that lists these courses to everyone alike."""
    key = (chosen(), tuple(view.id for view in everything))
    return shell(template, key, lambda: {"courses": [card(view) for view in everything]}).answer()


def card(view: EditionView) -> CourseCard:
    """A course in a list."""
    outline, counts = view.outline, _counts(view)
    return CourseCard(
        slug=view.slug,
        title=outline.title,
        summary=outline.summary,
        hours=outline.hours,
        kind_label=kind_label(outline.kind),
        lessons=counts["lesson"],
        quizzes=counts["quiz"],
        minutes=outline.minutes,
        certificate_label=certificate_label(outline.certificate_kind),
    )


def kind_label(kind: str) -> str:
    """A competency group in words."""
    labels = {
        "teknis": gettext("Teknis"),
        "manajerial": gettext("Manajerial"),
        "sosial-kultural": gettext("Sosial kultural"),
        "fungsional": gettext("Fungsional"),
    }
    return labels[kind]


def certificate_label(kind: str) -> str:
    """A kind of certificate in words."""
    return gettext("Sertifikat kelulusan") if kind == "lulus" else gettext("Sertifikat keikutsertaan")


def _home(who: SignedIn, everything: list[EditionView]) -> str:
    mine = enrolled_cards(who.id)
    taken = {one.slug for one in mine}
    hours = hours_in_year(db.session(), who.id, _today().year)
    return render_template(
        "catalogue/home.html",
        greeting=_greeting(who),
        today=_today(),
        resume=_resume(who),
        courses=mine,
        suggestions=[card(view) for view in everything if view.slug not in taken],
        year_hours=hours,
        year_target=settings().hours_target,
        closing=_closing(settings().hours_target - hours, mine, everything),
    )


def _closing(left: Decimal, mine: list[EnrolledCard], everything: list[EditionView]) -> list[CourseCard]:
    """The courses that would close the gap: those under way first, never one that is done."""
    done = {one.slug for one in mine if one.completed}
    begun = {one.slug for one in mine}
    open_to = [view for view in everything if view.slug not in done]
    open_to.sort(key=lambda view: view.slug not in begun)
    chosen = closing(left, [(view.slug, view.outline.hours) for view in open_to])
    return [card(view) for view in open_to if view.slug in chosen]


def _greeting(who: SignedIn) -> str:
    hour = clock.now().astimezone(settings().zone).hour
    words = [
        (11, gettext("Selamat pagi, %(name)s", name=who.short_name)),
        (15, gettext("Selamat siang, %(name)s", name=who.short_name)),
        (18, gettext("Selamat sore, %(name)s", name=who.short_name)),
    ]
    later = gettext("Selamat malam, %(name)s", name=who.short_name)
    return next((greeting for until, greeting in words if hour < until), later)


def _today() -> date:
    return clock.local_date(clock.now(), settings().zone)


def _resume(who: SignedIn) -> ResumeCard | None:
    unfinished = (one for one in standings(db.session(), who.id) if one.completed_at is None)
    for where in unfinished:
        view = edition(db.session(), where.edition_id)
        found = _resume_card(view, where)
        if found is not None:
            return found
    return None


def _resume_card(view: EditionView, where: Standing) -> ResumeCard | None:
    far = progress(view.outline, where.records)
    step = far.next_step
    if step is None:
        return None
    siblings = [other for other in view.outline.steps if other.module == step.module]
    module = view.outline.modules[step.module].title if step.module is not None else gettext("Penutup")
    return ResumeCard(
        course_title=view.outline.title,
        course_slug=view.slug,
        step_title=step.title,
        step_kind="lesson" if step.quiz is None else "quiz",
        url=step_url(view.slug, step),
        module_title=module,
        position=siblings.index(step) + 1,
        of=len(siblings),
        minutes=step.minutes,
        percent=far.percent,
    )


def _standing(slug: str) -> Standing | None:
    who = visitor()
    if who is None:
        return None
    try:
        return standing(db.session(), who.id, slug)
    except NotEnrolled:
        return None


def _detail(view: EditionView, where: Standing | None) -> CourseDetail:
    outline, counts = view.outline, _counts(view)
    return CourseDetail(
        slug=view.slug,
        title=outline.title,
        summary=outline.summary,
        hours=outline.hours,
        kind_label=kind_label(outline.kind),
        level=outline.level,
        provider=outline.provider,
        partners=outline.partners,
        objectives=outline.objectives,
        description_html=Markup(view.description_html),  # noqa: S704 - cleaned at publishing
        certificate_label=certificate_label(outline.certificate_kind),
        lessons=counts["lesson"],
        quizzes=counts["quiz"],
        minutes=outline.minutes,
        outline=modules(view, where.records if where else None),
    )


def _counts(view: EditionView) -> Counter[str]:
    return Counter("lesson" if step.quiz is None else "quiz" for step in view.outline.steps)

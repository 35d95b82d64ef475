"""Taking a quiz: its rules, an attempt, its result. No page before submission depends on the key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.extensions import asker, db
from app.learn import quiz_pages
from app.learn.pages import blueprint
from app.security import person, requires
from app.services import settings
from app.writing import say, writes, writes_after
from courses import clock
from courses.assessment import taking
from courses.assessment.models import Attempt
from courses.assessment.reviewing import asked, may_show, reviewed
from courses.catalogue.editions import EditionView, edition, edition_and_page
from courses.catalogue.outline import OutlineStep, QuizRules
from courses.errors import NotFound
from courses.learning.enrolling import NotEnrolled, Standing, standing
from courses.learning.progress import open_steps


class QuizNotFound(NotFound):
    """The course has no such quiz, or the person no such attempt."""


@dataclass(frozen=True, slots=True)
class Place:
    """A quiz of a course in which the person is enrolled."""

    standing: Standing
    edition: EditionView
    step: OutlineStep
    intro: Markup


@blueprint.get("/<course>/quiz/<quiz>")
@requires("learn")
def quiz(course: str, quiz: str) -> Response | str:
    """The rules of a quiz, what was tried, and the way in."""
    try:
        place = _place(course, quiz)
    except NotEnrolled:
        return redirect(url_for("catalogue.course", course=course), 303)
    tried = taking.attempts(db.session(), place.standing, quiz)
    if place.step.id not in open_steps(place.edition.outline, place.standing.records):
        say(
            gettext(
                "“%(title)s” terbuka setelah semua langkah sebelumnya selesai. Lanjutkan dari sini.",
                title=place.step.title,
            ),
            "info",
        )
        return redirect(url_for("learn.course", course=course), 303)
    rules = taking.quiz_rules(place.step)
    is_open = bool(tried) and tried[-1].state == taking.OPEN and not taking.is_late(tried[-1])
    return render_template(
        "learn/quiz.html",
        quiz=quiz_pages.quiz_view(place.step, place.intro, len(tried)),
        history=quiz_pages.history(course, place.step, tried),
        can_start=not (closed := _closed(rules, tried)),
        open_attempt=is_open,
        why_not=closed,
    )


@blueprint.post("/<course>/quiz/<quiz>/start")
@requires("learn")
@writes
def start(course: str, quiz: str) -> Response:
    """Start an attempt, or go on with the open one; one whose time ran out is graded first."""
    place = _place(course, quiz)
    attempt = taking.start(db.session(), place.standing, place.edition, place.step)
    if taking.is_late(attempt):
        taking.submit(db.session(), place.standing, attempt, None, grace=_grace())
        say(gettext("Waktu percobaan itu sudah habis. Yang tersimpan sudah dinilai."), "info")
        return redirect(_result_url(course, quiz, attempt.number), 303)
    return redirect(url_for("learn.attempt", course=course, quiz=quiz), 303)


@blueprint.get("/<course>/quiz/<quiz>/attempt")
@requires("learn")
def attempt(course: str, quiz: str) -> Response | str:
    """The questions of the open attempt, with what was saved."""
    place = _place(course, quiz)
    found = _last(place)
    if found.state != taking.OPEN or taking.is_late(found, _grace()):
        return redirect(url_for("learn.quiz", course=course, quiz=quiz), 303)
    now = clock.now()
    left = 0 if found.deadline is None else max(0, int((found.deadline - now).total_seconds()))
    pinned = edition(db.session(), found.edition_id)
    return render_template(
        "learn/attempt.html",
        quiz=quiz_pages.quiz_view(pinned.outline.step(quiz) or place.step, place.intro, found.number),
        attempt_number=found.number,
        deadline=found.deadline,
        seconds_left=left,
        now=now,
        questions=[quiz_pages.question_view(question) for question in asked(db.session(), found)],
        saved_at=found.saved_at,
    )


@dataclass(frozen=True, slots=True)
class Paper:
    """Answers to an attempt as a browser sent them; `marked` where they are to be handed in."""

    course: str
    quiz: str
    standing: Standing
    attempt: taking.HeldAttempt
    given: dict[str, list[str]]
    marked: taking.Marked | None


def _paper(course: str, quiz: str) -> Paper:
    where = standing(asker(), person().id, course)
    found = taking.latest_attempt(asker(), where, quiz)
    given = {name: values for name, values in request.form.lists() if name.startswith("q-")}
    handed_in = request.form.get("action") == "submit"
    marked = taking.mark(db.session(), found, given) if handed_in else None
    return Paper(course, quiz, where, found, given, marked)


@blueprint.post("/<course>/quiz/<quiz>/attempt")
@requires("learn")
@writes_after(_paper)
def submit(paper: Paper) -> Response:
    """Save the answers so far, or submit them."""
    if paper.marked is None:
        return _saved(paper)
    done = taking.submit(db.session(), paper.standing, paper.attempt, paper.marked, grace=_grace())
    if done.late:
        say(gettext("Waktu sudah habis sebelum jawaban sampai. Yang tersimpan sudah dinilai."), "warning")
    return redirect(_result_url(paper.course, paper.quiz, done.number), 303)


@blueprint.get("/<course>/quiz/<quiz>/result/<int:number>")
@requires("learn")
def result(course: str, quiz: str, number: int) -> str:
    """What became of an attempt, as much as `show` allows."""
    place = _place(course, quiz)
    tried = taking.attempts(db.session(), place.standing, quiz)
    found = next((one for one in tried if one.number == number and one.state == taking.GRADED), None)
    if found is None:
        raise QuizNotFound(attempt=number)
    rules = taking.quiz_rules(place.step)
    score, answers = (may_show(rule, rules, tried) for rule in (rules.show_score, rules.show_answers))
    left = None if not rules.attempts else max(0, rules.attempts - len(tried))
    following = quiz_pages.following(place.edition, place.standing, place.step)
    return render_template(
        "learn/result.html",
        quiz=quiz_pages.quiz_view(place.step, place.intro, len(tried)),
        attempt=quiz_pages.attempt_result(place.step, found, score=score, answers=answers),
        questions=quiz_pages.review_views(reviewed(db.session(), found, score=score, answers=answers)),
        next_url=following.url,
        next_label=following.label,
        can_retry=left != 0 and not (rules.graded and found.passed),
        attempts_left=left,
    )


def _place(course: str, quiz: str) -> Place:
    where = standing(db.session(), person().id, course)
    view, page = edition_and_page(db.session(), where.edition_id, quiz)
    step = view.outline.step(quiz)
    if step is None or step.quiz is None or page is None:
        raise QuizNotFound(quiz=quiz)
    return Place(where, view, step, Markup(page.html))  # noqa: S704 - cleaned at publishing


def _last(place: Place) -> Attempt:
    tried = taking.attempts(db.session(), place.standing, place.step.id)
    if not tried:
        raise QuizNotFound(quiz=place.step.id)
    return tried[-1]


def _saved(paper: Paper) -> Response:
    found = taking.held_attempt(db.session(), paper.standing, paper.quiz)
    taking.save(db.session(), found, paper.given, grace=_grace())
    if request.accept_mimetypes.best == "application/json":
        read = {taking.field_name(q.position): q.read_as for q in asked(db.session(), found) if q.read_as}
        return jsonify(saved_at=clock.now().isoformat(), read_as=read)
    say(gettext("Jawaban tersimpan. Anda masih dapat mengubahnya sampai dikumpulkan."))
    return redirect(url_for("learn.attempt", course=paper.course, quiz=paper.quiz), 303)


def _closed(rules: QuizRules, tried: Sequence[Attempt]) -> str | None:
    """Why no attempt can be started, in words; None when one can."""
    if rules.graded and any(one.passed for one in tried):
        return gettext("Anda sudah lulus kuis ini.")
    if rules.attempts and len(tried) >= rules.attempts and not _unfinished(tried):
        return gettext("Semua kesempatan sudah dipakai.")
    return None


def _unfinished(tried: Sequence[Attempt]) -> bool:
    return any(one.state == taking.OPEN for one in tried)


def _result_url(course: str, quiz: str, number: int) -> str:
    return url_for("learn.result", course=course, quiz=quiz, number=number)


def _grace() -> timedelta:
    return timedelta(seconds=settings().submission_grace)

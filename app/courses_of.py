"""The courses of a person as cards: shown on the home page and on their own page."""

from dataclasses import dataclass

from flask import url_for

from app.extensions import db
from app.steps import step_url
from courses.catalogue.editions import EditionView, edition
from courses.learning.enrolling import Standing, standings
from courses.learning.progress import progress


@dataclass(frozen=True, slots=True)
class EnrolledCard:
    """A course somebody is enrolled in, and how far they are."""

    slug: str
    title: str
    percent: int
    done: int
    total: int
    next_title: str | None
    next_url: str | None
    completed: bool


def enrolled_cards(person_id: int) -> list[EnrolledCard]:
    """Every course of a person: unfinished first, each group by the latest enrolment."""
    found = standings(db.session(), person_id)
    cards = [enrolled_card(edition(db.session(), one.edition_id), one) for one in found]
    return sorted(cards, key=lambda card: card.completed)


def enrolled_card(view: EditionView, where: Standing) -> EnrolledCard:
    """One course of a person."""
    far = progress(view.outline, where.records)
    step = far.next_step
    return EnrolledCard(
        slug=view.slug,
        title=view.outline.title,
        percent=far.percent,
        done=far.done,
        total=far.total,
        next_title=step.title if step else None,
        next_url=step_url(view.slug, step) if step else url_for("catalogue.course", course=view.slug),
        completed=where.completed_at is not None,
    )

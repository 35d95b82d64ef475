"""The plan of an attempt: which questions, in which order, under which names. Fixed when the attempt starts.

A choice has a random token for each attempt, so that nothing a browser holds tells one choice from another.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from courses import randomness
from courses.catalogue.outline import QuizRules
from courses.errors import Invalid

LONGEST_TEXT = 2000
TOKEN_BYTES = 6
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")  # no browser sends these, and not every column takes them


class AnswerNotMeant(Invalid):
    """An answer that no page of ours could have sent: a foreign token, too many values, too long a text."""


@dataclass(frozen=True, slots=True)
class Drawable:
    """A question that may be drawn: where it is held, its id, its type, how many choices it has."""

    holder: str
    question_id: str
    type: str
    choices: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A question of an attempt. `order` shows choice indexes as they are shown, `tokens` their names."""

    holder: str
    question_id: str
    type: str
    order: tuple[int, ...]
    tokens: tuple[str, ...]


Plan = tuple[Planned, ...]


def make_plan(rules: QuizRules, own: Sequence[Drawable], banked: Sequence[Drawable]) -> Plan:
    """Draw a plan: the quiz's own questions always, `draw` of the banks' (all of them without `draw`)."""
    drawn = list(banked) if rules.draw is None else randomness.drawn(banked, min(rules.draw, len(banked)))
    if rules.draw is not None and not rules.shuffle_questions:
        drawn.sort(key=banked.index)
    questions = [*own, *drawn]
    if rules.shuffle_questions:
        questions = randomness.shuffled(questions)
    return tuple(_planned(question, shuffle=rules.shuffle_choices) for question in questions)


def to_data(plan: Plan) -> list[dict[str, Any]]:
    """Plain data for a JSON column."""
    return [asdict(planned) for planned in plan]


def from_data(data: Sequence[Mapping[str, Any]]) -> Plan:
    """The plan back from `to_data`."""
    return tuple(
        Planned(p["holder"], p["question_id"], p["type"], tuple(p["order"]), tuple(p["tokens"])) for p in data
    )


def read_answer(planned: Planned, values: Sequence[str]) -> dict[str, Any]:
    """Turn what a browser sent for a question into an answer; nothing sent is `{}`.

    Raises:
        AnswerNotMeant: the values are not ones this attempt gave out.
    """
    given = [value for value in values if value.strip()]
    if not given:
        return {}
    if planned.tokens:
        return {"chosen": _indexes(planned, given)}
    if len(given) > 1 or len(given[0]) > LONGEST_TEXT or _NOT_TEXT.search(given[0]):
        raise AnswerNotMeant(question=planned.question_id)
    return {"text": given[0]}


def _indexes(planned: Planned, tokens: Sequence[str]) -> list[int]:
    if planned.type == "single" and len(tokens) > 1:
        raise AnswerNotMeant(question=planned.question_id)
    names = dict(zip(planned.tokens, planned.order, strict=True))
    try:
        return sorted({names[token] for token in tokens})
    except KeyError:
        raise AnswerNotMeant(question=planned.question_id) from None


def _planned(question: Drawable, *, shuffle: bool) -> Planned:
    order = list(range(question.choices))
    if shuffle:
        order = randomness.shuffled(order)
    tokens = tuple(randomness.token(TOKEN_BYTES) for _ in order)
    return Planned(question.holder, question.question_id, question.type, tuple(order), tokens)

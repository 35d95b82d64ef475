"""A question as data, in two halves: what a learner may see while answering, and the key.

The halves never mix: `shown` is built from texts alone and has the same bytes whichever answers are right.
"""

from fractions import Fraction
from typing import Any

from courses.authoring.course import (
    Answers,
    Choice,
    NumberAnswers,
    NumberKey,
    Question,
    SeveralChoices,
    SingleChoice,
    TextAnswers,
    TextKey,
)
from courses.authoring.rendered import RenderedQuestion

_TYPES: dict[type, str] = {
    SingleChoice: "single",
    SeveralChoices: "several",
    NumberAnswers: "number",
    TextAnswers: "text",
}


def type_of(answers: Answers) -> str:
    """The name of the answers' type: single, several, number or text."""
    return _TYPES[type(answers)]


def shown(question: Question, rendered: RenderedQuestion) -> dict[str, Any]:
    """What a learner may see while answering."""
    has_choices = isinstance(question.answers, SingleChoice | SeveralChoices)
    return {
        "heading": rendered.heading_html,
        "body": rendered.body_html,
        "choices": [choice.html for choice in rendered.choices] if has_choices else [],
        "hint": rendered.hint_html,
    }


def key(question: Question, rendered: RenderedQuestion) -> dict[str, Any]:
    """What only the server knows before submission: right answers, credits, feedback, explanation."""
    return {
        "answers": [_answer(answer) for answer in _answers(question.answers)],
        "feedback": [choice.feedback_html for choice in rendered.choices],
        "explanation": rendered.explanation_html,
    }


def _answers(answers: Answers) -> tuple[Choice | NumberKey | TextKey, ...]:
    return answers.choices if isinstance(answers, SingleChoice | SeveralChoices) else answers.keys


def _answer(answer: Choice | NumberKey | TextKey) -> dict[str, Any]:
    if isinstance(answer, Choice):
        return {"right": answer.right, "weight": _exact(answer.weight)}
    if isinstance(answer, NumberKey):
        return {"low": str(answer.low), "high": str(answer.high), "credit": _exact(answer.credit)}
    return {"text": answer.text, "credit": _exact(answer.credit)}


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)

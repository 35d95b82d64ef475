"""Grading: what an answer earns, as an exact fraction of the question's points. Pure rules, one for a type.

An answer is plain data: `{"chosen": [2, 0]}` (indexes in the author's order) or `{"text": "7"}`; `{}` is no
answer. A score is clamped to 0..points (COURSE-FORMAT, "Several").
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from courses.assessment.numbers import read_number

Answer = Mapping[str, Any]
Key = Mapping[str, Any]
NOTHING = Fraction(0)
ALL = Fraction(1)


@dataclass(frozen=True, slots=True)
class Grade:
    """`share` of the points (0..1), and which lines of the key were met: chosen choices, or the best line."""

    share: Fraction
    matched: tuple[int, ...] = ()

    @property
    def verdict(self) -> str:
        """The word for a reviewer: right, partly or wrong."""
        if self.share == ALL:
            return "right"
        return "partly" if self.share > NOTHING else "wrong"


def grade(type_: str, key: Key, answer: Answer, lang: str) -> Grade:
    """Grade one answer.

    Args:
        type_: single, several, number or text.
        key: the key half of the question (`catalogue.questions.key`).
        answer: what was answered.
        lang: the course's language, for numbers.
    """
    return _GRADERS[type_](key["answers"], answer, lang)


def worth(graded: Grade, points: Fraction) -> Fraction:
    """What a grade is worth of so many points."""
    return points if graded.share is ALL else NOTHING if graded.share is NOTHING else graded.share * points


def total(parts: Iterable[Fraction]) -> Fraction:
    """The sum. Most points are whole, and whole numbers add up in a tenth of the time."""
    pairs = [part.as_integer_ratio() for part in parts]
    if all(below == 1 for _, below in pairs):
        return Fraction(sum(above for above, _ in pairs))
    return sum((Fraction(above, below) for above, below in pairs), NOTHING)


def choice_weights(choices: Sequence[Mapping[str, Any]]) -> list[Fraction] | None:
    """The share each choice adds when chosen; None without weights: all or nothing.

    Bare right choices share what is left of 100%; a bare wrong one costs 100% divided by the number of
    wrong ones.
    """
    if all(choice["weight"] is None for choice in choices):
        return None
    said = sum((Fraction(c["weight"]) for c in choices if c["right"] and c["weight"] is not None), NOTHING)
    bare = sum(1 for c in choices if c["right"] and c["weight"] is None)
    wrong = sum(1 for c in choices if not c["right"])
    share = (ALL - said) / bare if bare else NOTHING
    return [_weight(choice, share, wrong) for choice in choices]


def _weight(choice: Mapping[str, Any], share: Fraction, wrong: int) -> Fraction:
    if choice["weight"] is not None:
        return Fraction(choice["weight"])
    return share if choice["right"] else -ALL / wrong


def _single(choices: Sequence[Mapping[str, Any]], answer: Answer, _lang: str) -> Grade:
    chosen = _chosen(choices, answer)
    if len(chosen) != 1:
        return Grade(NOTHING, chosen)
    choice = choices[chosen[0]]
    if choice["right"]:
        return Grade(ALL, chosen)
    return Grade(_clamped(Fraction(choice["weight"] or 0)), chosen)


def _several(choices: Sequence[Mapping[str, Any]], answer: Answer, _lang: str) -> Grade:
    chosen = _chosen(choices, answer)
    weights = choice_weights(choices)
    if weights is None:
        right = tuple(index for index, choice in enumerate(choices) if choice["right"])
        return Grade(ALL if chosen == right else NOTHING, chosen)
    return Grade(_clamped(sum((weights[index] for index in chosen), NOTHING)), chosen)


def _number(keys: Sequence[Mapping[str, Any]], answer: Answer, lang: str) -> Grade:
    value = read_number(str(answer.get("text", "")), lang)
    if value is None:
        return Grade(NOTHING)
    met = [index for index, key in enumerate(keys) if Decimal(key["low"]) <= value <= Decimal(key["high"])]
    return _best(keys, met)


def _text(keys: Sequence[Mapping[str, Any]], answer: Answer, _lang: str) -> Grade:
    written = folded(str(answer.get("text", "")))
    met = [index for index, key in enumerate(keys) if written and folded(key["text"]) == written]
    return _best(keys, met)


def folded(text: str) -> str:
    """Text as it is compared: NFKC, case folded, white space folded and trimmed."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", normal).split())


def _best(keys: Sequence[Mapping[str, Any]], met: Sequence[int]) -> Grade:
    if not met:
        return Grade(NOTHING)
    best = max(met, key=lambda index: (Fraction(keys[index]["credit"]), -index))
    return Grade(_clamped(Fraction(keys[best]["credit"])), (best,))


def _chosen(choices: Sequence[Mapping[str, Any]], answer: Answer) -> tuple[int, ...]:
    return tuple(sorted({index for index in answer.get("chosen", ()) if 0 <= index < len(choices)}))


def _clamped(share: Fraction) -> Fraction:
    above, below = share.as_integer_ratio()
    return NOTHING if above <= 0 else ALL if above >= below else share


_GRADERS = {"single": _single, "several": _several, "number": _number, "text": _text}

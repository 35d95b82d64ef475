"""Answers to tick: a list whose items begin with `( )` or `[ ]`, with `> feedback` under a choice.

The marker says what is right: `(x)`, `[x]`; a share of the points by `[x 50%]`, a cost by `[ -25%]`.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from courses.authoring.blocks import Block, walk
from courses.authoring.course import Choice, Prose, SeveralChoices, SingleChoice
from courses.authoring.manuscript import prose
from courses.authoring.quotes import QUIZ_CALLOUTS, callout_name, dedented, quoted
from courses.authoring.sheet import Sheet

_MARKER = re.compile(
    r"(?:\((?P<one>[ xX])\)|\[(?P<many>[ xX])(?: *(?P<weight>[-+]?[0-9]{1,4}(?:[.,][0-9]{1,4})?)%)?\])"
    r"(?=\s|$)"
)
_ALMOST = re.compile(r"[(\[](?=[^)\]]{0,12}[xX%]|\s{0,12}[)\]])[ xX0-9.,+%-]{0,12}[)\]](?=\s|$)")
_BULLET = re.compile(r"\s*(?:[-+*]|[0-9]{1,9}[.)])\s*")


@dataclass(frozen=True, slots=True)
class Marker:
    """What an item says before its text; `length` in characters."""

    single: bool
    right: bool
    weight: Fraction | None
    length: int


def marker_of(item: Block) -> Marker | None:
    """Return the marker of a list item, or None when it has none."""
    match = _MARKER.match(_text(item))
    if not match:
        return None
    sign = match["one"] or match["many"]
    weight = Fraction(match["weight"].replace(",", ".")) / 100 if match["weight"] else None
    return Marker(match["one"] is not None, sign != " ", weight, match.end())


def is_answer_list(block: Block) -> bool:
    """Say whether a list is meant to be ticked: at least one of its items has a marker."""
    return block.is_list and any(marker_of(item) for item in block.blocks)


def almost_marker(item: Block) -> str:
    """Return what seems to be a mistyped marker at the beginning of an item, or nothing."""
    match = _ALMOST.match(_text(item))
    return match[0] if match else ""


def read_choices(sheet: Sheet, question: Block, block: Block) -> SingleChoice | SeveralChoices | None:
    """Return the choices of an answer list, or None when something is wrong with them.

    Args:
        sheet: where problems go.
        question: the heading, where a problem of all choices together stands.
        block: the list.
    """
    before = sheet.found.errors
    single = _is_single(block)
    items = [(item, marker) for item in block.blocks if (marker := _marker(sheet, item, is_single=single))]
    choices = tuple(_choice(sheet, item, marker) for item, marker in items)
    if sheet.found.errors == before:
        (_check_single if single else _check_several)(sheet, question, items)
    if sheet.found.errors > before:
        return None
    return SingleChoice(choices) if single else SeveralChoices(choices)


def _text(item: Block) -> str:
    return item.blocks[0].text if item.blocks and item.blocks[0].kind == "paragraph" else ""


def _is_single(block: Block) -> bool:
    """Say whether a list asks for one choice, as most of its items do, or the first where as many don't."""
    kinds = [marker.single for item in block.blocks if (marker := marker_of(item))]
    singles = sum(kinds)
    return kinds[0] if 2 * singles == len(kinds) else 2 * singles > len(kinds)


def _marker(sheet: Sheet, item: Block, *, is_single: bool) -> Marker | None:
    """Return an item's marker; one that is missing or unlike the others is a problem."""
    marker = marker_of(item)
    if marker and marker.single == is_single:
        return marker
    if almost := almost_marker(item) if not marker else "":
        sheet.add_at("bad-marker", item, text=almost)
    else:
        sheet.add_at("mixed-markers", item)
    return None


def _choice(sheet: Sheet, item: Block, marker: Marker) -> Choice:
    line = sheet.page.lines[item.first]
    bullet = _BULLET.match(line)
    start = bullet.end() if bullet else 0
    indent = len(line[:start].expandtabs(4))
    feedback = _feedback(sheet, item, indent)
    end = feedback[0].first if feedback else item.end
    first = line[start + marker.length :].lstrip()
    rest = [(number, dedented(sheet.page.lines[number], indent)) for number in range(item.first + 1, end)]
    text = prose(sheet.page.path, [(item.first, first), *rest], len(line) - len(first))
    _check_choice(sheet, item, text)
    return Choice(text, marker.right, marker.weight, feedback[1] if feedback else None)


def _feedback(sheet: Sheet, item: Block, indent: int) -> tuple[Block, Prose] | None:
    """Return the quote of an item and what it says; nothing may follow it."""
    at = next((at for at, block in enumerate(item.blocks) if block.kind == "blockquote"), None)
    if at is None:
        return None
    quote = item.blocks[at]
    for after in item.blocks[at + 1 : at + 2]:
        sheet.add_at("feedback-place", after)
    if (name := callout_name(quote)) in QUIZ_CALLOUTS:
        sheet.add_at("callout-place", quote, name=name)
    lines = quoted(sheet.page, quote, indent)
    number, first = lines[0]
    return quote, prose(sheet.page.path, lines, len(sheet.page.lines[number]) - len(first))


def _check_choice(sheet: Sheet, item: Block, text: Prose) -> None:
    if not text:
        sheet.add_at("choice-empty", item)
    for block in walk(item.blocks):
        if is_answer_list(block):
            sheet.add_at("choice-nested", block)


def _check_single(sheet: Sheet, question: Block, items: list[tuple[Block, Marker]]) -> None:
    right = [item for item, marker in items if marker.right]
    if not right:
        sheet.add_at("no-right-answer", question)
    for item in right[1:2]:
        sheet.add_at("two-right-answers", item)
    if len(items) == 1:
        sheet.add_at("one-choice", question)


def _check_several(sheet: Sheet, question: Block, items: list[tuple[Block, Marker]]) -> None:
    if not any(marker.right for _, marker in items):
        sheet.add_at("no-right-answer", question)
    for item, marker in items:
        if marker.weight is not None and abs(marker.weight) > 1:
            sheet.add_at("weight-range", item)
        elif marker.weight and (marker.weight > 0) != marker.right:
            sheet.add_at("weight-sign", item)
    _check_shares(sheet, question, [(item, marker.weight) for item, marker in items if marker.right])


def _check_shares(sheet: Sheet, question: Block, right: list[tuple[Block, Fraction | None]]) -> None:
    """Bare `[x]` share what the weights of others leave of the points."""
    said = sum((weight for _, weight in right if weight is not None), Fraction(0))
    bare = [item for item, weight in right if weight is None]
    if bare and said >= 1:
        sheet.add_at("weight-spent", bare[0])
    elif right and not bare and said < 1:
        sheet.add_at("weights-short", question, sum=f"{float(100 * said):g}")

"""Answers to write: lines that begin with `= `, numbers or text, with `> feedback` indented under a line.

A question asks for a number only if every line is one; else all lines are text. `{50%}` at the end is what
a line earns of the points.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from courses.authoring.blocks import Block
from courses.authoring.course import NumberAnswers, NumberKey, Prose, TextAnswers, TextKey
from courses.authoring.manuscript import prose
from courses.authoring.numerals import Interval, is_almost_a_number, is_perhaps_thousands, read_interval
from courses.authoring.quotes import callout_name
from courses.authoring.sheet import Sheet

_KEY = re.compile(r"=(?:[ \t]+(.*))?")
_CREDIT = re.compile(r"\{ ?([-+]?[0-9]{1,4}(?:[.,][0-9]{1,4})?) ?% ?\}")
_QUOTE = re.compile(r"(\s*)>[ \t]?")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_EVERYTHING = Fraction(1)


@dataclass(slots=True)
class _Key:
    """An answer line while it is read; `feedback` are numbered lines."""

    line: int
    text: str
    credit: Fraction = _EVERYTHING
    feedback: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Run:
    """Answer lines that belong together: from line `first` to before line `end`, in so many blocks."""

    first: int
    end: int
    blocks: int


def is_answer_line(line: str) -> bool:
    """Say whether a line of a paragraph is an answer: a `=`, then a space or nothing."""
    return _KEY.fullmatch(line.strip()) is not None


def has_answer_lines(block: Block) -> bool:
    """Say whether a block is a paragraph in which answer lines stand."""
    return block.kind == "paragraph" and any(is_answer_line(line) for line in block.text.split("\n"))


def run_of(blocks: Sequence[Block], first: int) -> Run:
    """Return the run that begins in a block: it goes on over paragraphs and feedback."""
    lines = blocks[first].text.split("\n")
    start = next(number for number, line in enumerate(lines) if is_answer_line(line))
    end = first + 1
    while end < len(blocks) and (has_answer_lines(blocks[end]) or _is_feedback(blocks[end])):
        end += 1
    return Run(blocks[first].first + start, blocks[end - 1].end, end - first)


def read_lines(sheet: Sheet, question: Block, run: Run) -> NumberAnswers | TextAnswers | None:
    """Return the keys of a run of answer lines, or None when something is wrong with them."""
    before = sheet.found.errors
    keys = _keys(sheet, run)
    for key in keys:
        _divide(sheet, key)
    best = max(key.credit for key in keys)
    if best < 1:
        sheet.add_at("weights-short", question, sum=f"{float(100 * best):g}")
    intervals = [read_interval(key.text) for key in keys]
    numbers = [interval for interval in intervals if interval]
    answers = _numbers(sheet, keys, numbers) if len(numbers) == len(keys) else _texts(sheet, keys)
    return answers if sheet.found.errors == before else None


def _is_feedback(block: Block) -> bool:
    return block.kind == "blockquote" and not callout_name(block)


def _keys(sheet: Sheet, run: Run) -> list[_Key]:
    """Read line by line: a quote without an empty line behind it would swallow the next answer."""
    keys: list[_Key] = []
    for number in range(run.first, run.end):
        line = sheet.page.lines[number]
        if match := _KEY.fullmatch(line.strip()):
            keys.append(_Key(number, match[1] or ""))
        elif quote := _QUOTE.match(line):
            keys[-1].feedback.append((number, line[quote.end() :]))
            if not quote[1]:
                sheet.add("feedback-place", number)
        elif line.strip():
            sheet.add("text-after-answers", number)
    return keys


def _divide(sheet: Sheet, key: _Key) -> None:
    """Take the credit off the end of an answer line."""
    at = key.text.rfind("{")
    if at >= 0 and (match := _CREDIT.fullmatch(key.text, at)):
        key.text, key.credit = key.text[:at].rstrip(), Fraction(match[1].replace(",", ".")) / 100
    if not 0 <= key.credit <= 1:
        sheet.add("weight-range", key.line)
    if not key.text:
        sheet.add("answer-empty", key.line)


def _numbers(sheet: Sheet, keys: list[_Key], intervals: list[Interval]) -> NumberAnswers:
    for key, interval in zip(keys, intervals, strict=True):
        if interval.low > interval.high:
            sheet.add("range-backwards", key.line)
        if is_perhaps_thousands(key.text):
            sheet.add("number-with-point", key.line, text=key.text)
    return NumberAnswers(
        tuple(
            NumberKey(interval.low, interval.high, key.credit, _feedback(sheet, key))
            for key, interval in zip(keys, intervals, strict=True)
        )
    )


def _texts(sheet: Sheet, keys: list[_Key]) -> TextAnswers:
    for key in keys:
        if is_almost_a_number(key.text):
            sheet.add("number-as-text", key.line, text=key.text)
    return TextAnswers(
        tuple(TextKey(_ESCAPE.sub(r"\1", key.text), key.credit, _feedback(sheet, key)) for key in keys)
    )


def _feedback(sheet: Sheet, key: _Key) -> Prose | None:
    if not key.feedback:
        return None
    number, first = key.feedback[0]
    return prose(sheet.page.path, key.feedback, len(sheet.page.lines[number]) - len(first))

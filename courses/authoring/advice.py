"""What a good editor would say of a text: warnings that keep nothing from being published.

They are few on purpose, and each names one thing that a reader would stumble over.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from courses.authoring.blocks import Block, walk
from courses.authoring.course import Choice, Prose, Question, SeveralChoices, SingleChoice
from courses.authoring.findings import Findings
from courses.authoring.inlines import Places
from courses.authoring.manuscript import Manuscript

LONGEST_SENTENCE = 30
"""Words."""

HEAVIEST_LESSON = 60_000
"""Bytes of Markdown: about ten seconds on a line of 50 kbit/s."""

WORDS_A_MINUTE = 190

_SENTENCE_END = re.compile(r"[.!?…]+[\"”’')\]*_]*(?=\s|$)")
_LINK_TARGET = re.compile(r"\]\([^()\n]*\)")
_MARKER = re.compile(r"\[(?:![A-Za-z]+|\^[^\[\]\s]{1,100})\][+-]?")
_WORD = re.compile(r"\w[\w'’./-]*")
_ENOUGH_QUESTIONS = 3


def count_words(text: str) -> int:
    """Return how many words a text has."""
    return sum(1 for _ in _WORD.finditer(text))


def check_sentences(page: Manuscript, blocks: Sequence[Block], found: Findings) -> None:
    """Warn of sentences that are hard to read; tables and code have none."""
    for block in walk(blocks):
        for inline in block.inlines if block.kind == "paragraph" else ():
            if len(inline.content) < 2 * LONGEST_SENTENCE:
                continue
            for start, words in _long_sentences(_spoken(inline.content)):
                found.add("long-sentence", Places(page, inline).place(start), words=words)


def check_questions(questions: Iterable[Question], found: Findings) -> None:
    """Warn of questions that give themselves away, repeat themselves or teach nothing afterwards."""
    questions = list(questions)
    for question in questions:
        if not question.explanation and not any(_feedback(question)):
            found.add("no-feedback", question.place)
        _check_alike(question, found)
    ticked = [
        question.answers.choices for question in questions if isinstance(question.answers, SingleChoice)
    ]
    if len(ticked) >= _ENOUGH_QUESTIONS and all(map(_is_longest_right, ticked)):
        found.add("longest-right", questions[0].place)


def _feedback(question: Question) -> Iterator[Prose | None]:
    answers = question.answers
    if isinstance(answers, SingleChoice | SeveralChoices):
        yield from (choice.feedback for choice in answers.choices)
    else:
        yield from (key.feedback for key in answers.keys)


def _check_alike(question: Question, found: Findings) -> None:
    if not isinstance(question.answers, SingleChoice | SeveralChoices):
        return
    seen: set[str] = set()
    for choice in question.answers.choices:
        words = " ".join(unicodedata.normalize("NFKC", choice.text.text).casefold().split())
        if words in seen:
            found.add("choices-alike", choice.text.place)
        seen.add(words)


def _is_longest_right(choices: Sequence[Choice]) -> bool:
    right = max(len(choice.text.text) for choice in choices if choice.right)
    return all(len(choice.text.text) < right for choice in choices if not choice.right)


def _spoken(text: str) -> str:
    """Return a text of the same length in which only words that are read remain."""
    for silent in (_LINK_TARGET, _MARKER):
        text = silent.sub(lambda match: "]" + " " * (len(match[0]) - 1), text)
    return text


def _long_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Give where each long sentence begins and how many words it has."""
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    for start, end in pairwise(ends):
        words = count_words(text[start:end])
        if words > LONGEST_SENTENCE:
            yield start + len(text[start:end]) - len(text[start:end].lstrip()), words

"""A course that carries hostile strings wherever an author can write: at each place, those the checker takes.

Every string is tried at every place in a file of its own. What parser or renderer refuses is left out and the
rest is put together, many strings to a page, so that it is published and can be judged.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from unittest.mock import patch

from courses.authoring import child, parse, render, rendering
from courses.authoring.markdown import Converter
from courses.authoring.pieces import Answer, Piece
from courses.authoring.problems import Severity
from courses.authoring.source import Source
from tests.publishing import sample_course
from tests.web.hostile import sample

ON_A_PAGE = 6
MODULE = "01-semua"
LESSON_PLACES: Mapping[str, str] = {
    "body": "%s",
    "heading": "## %s",
    "alt": '![%s](../media/rak.svg "Rak")',
    "caption": '![Rak](../media/rak.svg "%s")',
    "quote": "> [!NOTE]\n> %s",
    "cell": "| a | b |\n| --- | --- |\n| %s | c |",
}
QUESTION_PLACES = ("title", "stem", "choice", "feedback", "hint", "explanation")
INDENTS = {"quote": "> ", "choice": "  ", "feedback": "  > ", "hint": "> ", "explanation": "> "}
QUESTION = """## %(title)s {#%(id)s}

%(stem)s

- (x) %(choice)s
  > %(feedback)s
- ( ) Bukan
  > Bukan itu.

> [!HINT]
> %(hint)s

> [!EXPLANATION]
> %(explanation)s
"""
COURSE = """---
title: %s
summary: %s
hours: 1
kind: teknis
objectives: [%s]
provider: %s
order: free
certificate: {kind: keikutsertaan, issue: approval}
---

%s
"""
QUIZ = "---\ntitle: Kuis\ngraded: true\nshow: {score: now, answers: now}\n---\n\n"


@dataclass(frozen=True)
class Hostile:
    """The course; the titles that must be shown letter for letter, by path; the strings taken, by place."""

    source: Source
    titles: Mapping[str, str]
    taken: Mapping[str, Sequence[str]]

    @property
    def lessons(self) -> list[str]:
        """The ids of the lessons with hostile strings."""
        return [re.sub(r"^\d+-|\.md$", "", path.rsplit("/", 1)[1]) for path in self.titles]

    def taken_anywhere(self, texts: Sequence[str]) -> list[str]:
        """Those of the texts that the course holds at one place at least, titles apart."""
        held = {text for place, taken in self.taken.items() if place != "name" for text in taken}
        return [text for text in texts if text in held]


def strings() -> tuple[str, ...]:
    """The strings that are tried."""
    return (*sample("xss_markdown", 24), *sample("xss_dompurify", 22))


@cache
def hostile_course(texts: tuple[str, ...]) -> Hostile:
    """Make the course of these strings."""
    taken = {place: _taken(place, texts) for place in (*LESSON_PLACES, *QUESTION_PLACES, "name")}
    pieces = [_piece(place, text) for place in LESSON_PLACES for text in taken[place]]
    titles = list(taken["name"])
    files, named = dict[str, str](), dict[str, str]()
    for number, body in enumerate(_pages(pieces, len(titles))):
        path = f"{MODULE}/{number + 1:02}-bacaan-{number + 1}.md"
        named[path] = titles[number % len(titles)]
        files[path] = _lesson(body, named[path])
    for place in QUESTION_PLACES:
        questions = [_question(f"soal-{n}", place, text) for n, text in enumerate(taken[place])]
        files[f"90-{place}.quiz.md"] = QUIZ + "\n".join(questions)
    return Hostile(_source({**files, **_front(titles, taken["body"])}), named, taken)


def _taken(place: str, texts: Sequence[str]) -> list[str]:
    """The strings that the checker takes at a place, each in a file of its own."""
    suffix = "quiz.md" if place in QUESTION_PLACES else "md"
    files = {f"{MODULE}/{number + 1:02}-l{number}.{suffix}": text for number, text in enumerate(texts)}
    written = {path: _file(place, text) for path, text in files.items()}
    parsed = parse(_source(written))
    refused = {problem.place.path for problem in parsed.problems if problem.severity is Severity.ERROR}
    rest = _source({path: text for path, text in written.items() if path not in refused})
    course = parse(rest).course
    assert course is not None
    refused |= {problem.place.path for problem in render(course, rest).problems}
    return [text for path, text in files.items() if path not in refused]


def _file(place: str, text: str) -> str:
    if place in QUESTION_PLACES:
        return QUIZ + _question("soal", place, text)
    return _lesson("Isi.", text) if place == "name" else _lesson(_piece(place, text), "Bacaan")


def _piece(place: str, text: str) -> str:
    return LESSON_PLACES[place] % _indented(place, text)


def _question(identity: str, place: str, text: str) -> str:
    plain = dict.fromkeys(QUESTION_PLACES, "Biasa saja")
    return QUESTION % {**plain, "id": identity, place: _indented(place, text)}


def _indented(place: str, text: str) -> str:
    return text.replace("\n", "\n" + INDENTS.get(place, ""))


def _pages(pieces: Sequence[str], least: int) -> Iterator[str]:
    """The pieces, strewn over pages so that places and strings meet; at least so many pages."""
    count = max(least, -(-len(pieces) // ON_A_PAGE))
    for number in range(count):
        yield "\n\n".join(["Mulai.", *pieces[number::count], "Akhir halaman."])


def _lesson(body: str, title: str) -> str:
    return f"---\ntitle: {_yaml(title)}\n---\n\n{body}\n"


def _front(titles: Sequence[str], bodies: Sequence[str]) -> dict[str, str]:
    words = [_yaml(title) for title in titles if len(title) < 100][:4]
    return {"course.md": COURSE % (*words, bodies[0]), f"{MODULE}/module.md": _lesson(bodies[-1], titles[-1])}


def _source(files: Mapping[str, str]) -> Source:
    whole = {"course.md": COURSE % ('"Contoh"', '"Ringkas"', '"Tujuan"', '"Kami"', "Isi."), **files}
    whole.setdefault(f"{MODULE}/99-akhir.md", _lesson("Isi.", "Akhir"))
    kept = {path: text.encode("utf-8", "surrogatepass") for path, text in whole.items()}
    return Source("contoh", {**kept, "media/rak.svg": sample_course().files["media/rak.svg"]})


def _yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


class Uncleaned:
    """Renders in this process, where the cleaner can be taken away."""

    def __init__(self) -> None:
        self._converter = Converter()

    def answer(self, piece: Piece) -> Answer:
        """Answer as the child would."""
        return child.answered(self._converter, piece)


@contextmanager
def without_the_cleaner() -> Iterator[None]:
    """Render without cleaning, as a sabotaged build would."""
    with patch.object(rendering, "KEEPER", Uncleaned()), patch.object(child, "clean", lambda html: html):
        yield

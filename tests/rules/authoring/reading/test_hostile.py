"""Whatever bytes an author writes, parsing answers, soon, with problems that one can read."""

import json
import os
import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.authoring import Source, parse
from tests.corpora import corpus
from tests.rules.authoring.reading.made import source

FULL = os.environ.get("BINA_DOSE") == "full"
CORPORA = ("blns", "md_pathological", "md_commonmark_examples", "xss_markdown", "json_bodies")
SIZE = 100_000
SHARE = 1 if FULL else 5
"""At a quick dose every fifth string of the outside corpora is tried, another fifth in each place."""

OWN = [
    "",
    "\0",
    "\ufeff\ufeff---",
    "---\n---\n---",
    "a" * SIZE,
    " " * SIZE + "x",
    "= " * (SIZE // 2),
    "=" + " " * SIZE + "x",
    "- ( ) " * (SIZE // 6),
    "- [x 50%] a\n" * (SIZE // 12),
    "= 1\n  > a\n" * (SIZE // 10),
    "## q {#q}\n" * (SIZE // 10),
    "## " + "{#" * (SIZE // 2) + "}",
    "> " * (SIZE // 2),
    "- " * (SIZE // 2),
    "".join("  " * depth + "- a\n" for depth in range(300)),
    "[" * SIZE,
    "[a](" * (SIZE // 4),
    "![](" * (SIZE // 4),
    "[[a]] " * (SIZE // 6),
    "$a" * (SIZE // 2),
    "`" * SIZE,
    "<a " * (SIZE // 3),
    "<!-- " * (SIZE // 5),
    "**a*" * (SIZE // 4),
    "|a" * (SIZE // 2) + "\n" + "|-" * (SIZE // 2),
    "```\n" * (SIZE // 4),
    "x\n- a\n\n" * (SIZE // 7),
    "[a]: b\n" * (SIZE // 7),
    "[x]: y\n\n" + "[x] kata kata kata " * (SIZE // 20),
    "{" * SIZE,
    "a: {" * (SIZE // 4),
    "- - - - " * (SIZE // 8),
    "&a *a " * (SIZE // 6),
    "\n" * SIZE,
    "\r" * SIZE,
    "\u2028\u0085\x0b\x0c",
    "\u202e\u2066 balik",
]

PLACES: dict[str, Callable[[str], dict[str, str]]] = {
    "lesson": lambda text: {"01-asal.md": f"---\ntitle: A\n---\n{text}"},
    "question": lambda text: {"02-cek.quiz.md": f"---\ntitle: A\n---\n## Q {{#q}}\n\n{text}"},
    "heading": lambda text: {"02-cek.quiz.md": f"---\ntitle: A\n---\n## {text}"},
    "choice": lambda text: {
        "02-cek.quiz.md": f"---\ntitle: A\n---\n## Q {{#q}}\n\n- ( ) a\n- (x) {text}\n  > b\n"
    },
    "answer line": lambda text: {"02-cek.quiz.md": f"---\ntitle: A\n---\n## Q {{#q}}\n= {text}"},
    "key": lambda text: {"01-asal.md": f"---\ntitle: {text}\n---\n"},
    "title": lambda text: {"01-asal.md": f"---\ntitle: {json.dumps(text)}\n---\n"},
    "whole file": lambda text: {"01-asal.md": text},
}

PAIRS = [
    pytest.param(place, text, id=f"{place}: {text[:12]!r}")
    for at, text in enumerate(OWN)
    for rank, place in enumerate(PLACES)
    if FULL or (at + rank) % 4 == 0
]


def answers_soon(files: dict[str, str]) -> None:
    """Parse, and hold what every answer must be: soon, readable, and at places that are there."""
    texts = {path: text.encode("utf-8", "surrogatepass") for path, text in files.items()}
    start = time.process_time()
    parsed = parse(source({**texts}))
    assert time.process_time() - start < 2
    lines = {path: len(re.split(rb"\r\n?|\n", data)) for path, data in texts.items()}
    for problem in parsed.problems:
        assert 1 <= problem.place.line <= lines.get(problem.place.path, 9), problem
        assert problem.place.column >= 1, problem
        assert not re.search("[\x00-\x1f\x7f\u2028\u202e]", str(problem)), problem


@pytest.mark.parametrize(("place", "text"), PAIRS)
def test_no_text_is_too_strange(place, text):
    answers_soon(PLACES[place](text))


@pytest.mark.parametrize("name", CORPORA)
@pytest.mark.parametrize("place", PLACES)
def test_no_text_of_the_corpora_is_too_strange(place, name):
    for text in corpus(name)[list(PLACES).index(place) % SHARE :: SHARE]:
        answers_soon(PLACES[place](text))


@settings(max_examples=500 if FULL else 50, deadline=None)
@given(st.dictionaries(st.text(max_size=30), st.binary(max_size=200), max_size=4))
def test_no_files_raise(files):
    made = Source("kearsipan", {**source().files, **files})
    assert all(str(problem) for problem in parse(made).problems)


LINES = [
    *("## Q {#q}", "## {#s t=u}", "- (x) a", "- [ ] b", "- [x 50%] c", "+ ( ) d", "= 7", "=", "=7", "==="),
    *(
        "> e",
        "> [!HINT]",
        "  > f",
        "```",
        "~~~",
        "---",
        "* * *",
        "____",
        "    g",
        "",
        "teks",
        "h: i",
        "{50%}",
    ),
    *("[[j]]", "- k -> l", "1. m", "|n|", "|-|", "[o](p)", "![](q)", "[^r]: s", "<t>", "\\", "\t"),
]


@settings(max_examples=2_000 if FULL else 150, deadline=None)
@given(st.lists(st.sampled_from(LINES) | st.text(max_size=8), max_size=12), st.sampled_from(sorted(PLACES)))
def test_no_mixture_of_signs_raises_or_points_outside_its_file(lines, place):
    answers_soon(PLACES[place]("\n".join(lines)))


@pytest.mark.parametrize("unit", ["x\n- a\n\n", "[a](b) kata kata kata kata\n", "= 1\n  > a\n", "- ( ) a\n"])
def test_twice_the_text_takes_less_than_three_times_as_long(unit):
    def spent(size: int) -> float:
        made = source({**PLACES["question"](unit * (size // len(unit)))})
        start = time.process_time()
        parse(made)
        return time.process_time() - start

    spent(1_000)
    assert min(spent(30_000) for _ in range(3)) < 3 * max(0.01, min(spent(15_000) for _ in range(3)))

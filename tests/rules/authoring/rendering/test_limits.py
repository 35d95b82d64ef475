"""Every text is answered or refused in a time linear in its length, and what people write is answered."""

import time
from itertools import pairwise

import pytest

from courses.authoring.child import answered
from courses.authoring.cleaning import clean
from courses.authoring.limits import DEEPEST, LONGEST, Effort, Reason, TextRefused
from courses.authoring.markdown import Converter
from courses.authoring.pieces import Mode, Piece
from courses.authoring.rendering import KEEPER, render_piece
from tests.corpora import corpus
from tests.rules.authoring.rendering.texts import FULL, OWN_UNITS, carpentries, outside_units, sized_texts

SIZES = (1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 100_000) if FULL else (50_000, 100_000)
TOO_SHORT_TO_TELL = 0.02
"""Seconds: below them a ratio says more about the machine than about us."""


@pytest.mark.timeout(900 if FULL else 300)
@pytest.mark.parametrize("units", [lambda: OWN_UNITS, outside_units], ids=["own", "outside"])
def test_pathological_texts_take_a_time_linear_in_their_length(units):
    converter = Converter()
    for name, sized in sized_texts(units()).items():
        for shorter, longer in pairwise(SIZES):
            ratios = _ratios(converter, sized(shorter), sized(longer))
            limit = 3 * longer / (2 * shorter)
            assert any(ratio < limit for ratio in ratios), (name, longer)


def _ratios(converter, shorter, longer):
    """How much longer the longer text takes, measured up to eight times: the machine may be busy."""
    for _ in range(8):
        before, after = _seconds(converter, shorter), _seconds(converter, longer)
        yield after / before if after > TOO_SHORT_TO_TELL else 0


def _seconds(converter, text):
    """CPU time of rendering and cleaning."""
    began = time.process_time()
    answered(converter, Piece(text, Mode.PAGE))
    return time.process_time() - began


@pytest.mark.parametrize("units", [lambda: OWN_UNITS, outside_units], ids=["own", "outside"])
def test_pathological_texts_are_answered_or_refused_in_less_than_two_seconds(units):
    for name, sized in sized_texts(units()).items():
        piece = Piece(sized(100_000), Mode.PAGE)
        assert any(_wall_seconds(piece) < 2 for _ in range(5)), name  # again where the machine was busy


def _wall_seconds(piece):
    began = time.perf_counter()
    refused = KEEPER.answer(piece).refused
    assert refused in {None, Reason.TANGLE, Reason.DEPTH}  # counted, not stopped by the clock
    return time.perf_counter() - began


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 8_000, Reason.TANGLE),
        ("![" * 50_000, Reason.TANGLE),
        ("a" * (LONGEST + 1), Reason.LENGTH),
        ("> " * 60 + "a", Reason.DEPTH),
        ("".join("    " * level + "- a\n" for level in range(45)), Reason.DEPTH),
        ("<div>" * 200, Reason.DEPTH),
        ("*" * 200 + "a" + "*" * 200, Reason.DEPTH),
        ("<font a={}>\n\n".format("x") * 300, Reason.DEPTH),
        ("<b>" * 50 + "\n\na" * 5_000, Reason.TANGLE),
        ("|" + "a|" * 1_000 + "\n|" + "-|" * 1_000 + "\n" + "|\n" * 3_000, Reason.TANGLE),
        ("*[a]: " + "b" * 40_000 + "\n\n" + "a " * 10_000, Reason.TANGLE),
        ("[a]: /" + "b" * 40_000 + "\n\n" + "[a] " * 10_000, Reason.TANGLE),
        ("<" * 90_000, Reason.TANGLE),
        ("".join("`" * length + "a" for length in range(1, 440)), Reason.TANGLE),
        ("- a\n" + "b\n" * 40_000, Reason.TANGLE),
        ("a\n" + "# b\n" * 20_000, Reason.TANGLE),
        ("[^a]" * 20_000 + "\n\n[^a]: b", Reason.TANGLE),
        ("```python\n```\n" * 7_000, Reason.TANGLE),
        ('``` {hl_lines="1-999999999"}\na\n```', None),
        ('```python hl_lines="1-999999999"\na\n```', None),
    ],
)
def test_hostile_texts_are_refused_for_what_they_do_before_they_do_it(text, reason):
    began = time.process_time()
    assert answered(Converter(), Piece(text)).refused is reason
    assert time.process_time() - began < 1
    assert KEEPER.answer(Piece(text)).refused is reason  # not by its memory or time either


def test_a_refusal_leaves_the_next_text_alone():
    converter = Converter()
    before = answered(converter, Piece("*a* [^1]\n\n[^1]: b"))
    for hostile in ("[" * 8_000, "> " * 100 + "a", "<b>" * 500, "*" * 3_000 + "a" + "*" * 3_000):
        assert answered(converter, Piece(hostile)).refused
        assert answered(converter, Piece("*a* [^1]\n\n[^1]: b")) == before


def test_the_same_text_is_refused_on_every_machine_at_the_same_length():
    def longest(unit):
        converter = Converter()
        return next(n for n in range(10, 5_000, 10) if answered(converter, Piece(unit * n)).refused)

    assert longest("[") == longest("[")
    assert longest("[") < 1_000


def test_deep_lists_that_people_write_are_answered():
    text = "".join("    " * level + "- a\n" for level in range(8))
    assert render_piece(text).count("<ul>") == 8
    assert DEEPEST > 30


def test_examples_of_commonmark_are_answered():
    converter = Converter()
    for text in corpus("md_commonmark_examples"):
        answer = answered(converter, Piece(text, Mode.PAGE))
        assert answer.refused is None, text
        assert clean(answer.html) == answer.html


def test_a_real_course_is_answered():
    episodes = carpentries()
    if not episodes:
        pytest.skip("the outside course is not at hand: set BINA_CORPORA")
    converter = Converter()
    for name, text in episodes.items():
        answer = answered(converter, Piece(text, Mode.PAGE))
        assert answer.refused is None, name
        assert len(answer.html) > len(text) / 2


SENTENCE = (
    "Pegawai *wajib* mengikuti pelatihan sesuai `kebutuhan` jabatan, dan [peraturan](https://a.example/b) "
    "mengatur **jumlah jam**; lihat juga 1.234,5 (tabel) [catatan] & a < b. "
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Kata biasa saja tanpa tanda. " * 3_450, id="100 kB in one paragraph"),
        pytest.param(SENTENCE * 560, id="100 kB in one paragraph with marks"),
        pytest.param((SENTENCE * 4 + "\n\n") * 140, id="100 kB in paragraphs"),
        pytest.param((SENTENCE.replace(" ", "\n") * 2 + "\n\n") * 280, id="100 kB in short lines"),
        pytest.param(("## Judul\n\n" + SENTENCE * 3 + "\n\n- a\n- b\n\n") * 180, id="100 kB in sections"),
        pytest.param(
            "| a | b | c | d | e | f |\n|---|--:|---|---|---|---|\n"
            + "| 1 | dua | 3 | 4 | 5 | `x` |\n" * 500,
            id="a table of 500 rows",
        ),
        pytest.param(
            "".join(f'- [Tautan {n}](https://a.example/{n} "b") dan kata.\n' for n in range(300)),
            id="300 links in a list",
        ),
        pytest.param(
            "".join(f"[Tautan {n}](https://a.example/{n}) " for n in range(300)),
            id="300 links in a paragraph",
        ),
        pytest.param(
            "".join(f"[T {n}][r{n}]\n\n" for n in range(300))
            + "".join(f"[r{n}]: /{n}\n" for n in range(300)),
            id="300 references",
        ),
        pytest.param(
            "".join(f"Kata[^{n}].\n\n" for n in range(150)) + "".join(f"[^{n}]: isi\n\n" for n in range(150)),
            id="150 footnotes",
        ),
        pytest.param(
            ("```python\n" + "x = foo(1, 'a') + [b for b in c]  # kata\n" * 40 + "```\n\n") * 54,
            id="100 kB of code",
        ),
        pytest.param("".join(f"> [!NOTE]\n> **isi** {n}\n\n" for n in range(300)), id="300 callouts"),
        pytest.param("".join(f"{n}. butir {n}\n" for n in range(1, 1_001)), id="a list of 1,000"),
        pytest.param(
            "*[ASN]: Aparatur\n\n" + "ASN adalah ASN di pusat dan daerah. " * 300, id="600 abbreviations"
        ),
        pytest.param("Isi ______________________________ lalu _____.\n\n" * 300, id="blanks to fill in"),
        pytest.param(
            ("<details>\n<summary>Buka</summary>\n\n" + SENTENCE + "\n\n</details>\n\n") * 100,
            id="100 folds of HTML",
        ),
        pytest.param("Baris.  \n" * 2_000, id="2,000 lines with breaks"),
    ],
)
def test_what_people_write_is_answered(text):
    answer = answered(Converter(), Piece(text, Mode.PAGE))
    assert answer.refused is None
    assert len(answer.html) >= len(text) / 2


def test_effort_is_refused_again_after_a_swallowed_refusal():
    effort = Effort()
    effort.allow(0)
    with pytest.raises(TextRefused):
        effort.spend(10**9)
    with pytest.raises(TextRefused):
        effort.spend(0)

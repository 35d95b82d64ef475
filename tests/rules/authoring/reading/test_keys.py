"""What keys mean: text until a field reads it, so that nothing is guessed from how it looks."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from courses.authoring.course import (
    CertificateKind,
    CertificateRule,
    Issue,
    Kind,
    Order,
    Release,
    Reveal,
    Show,
)
from tests.rules.authoring.reading.made import QUESTION, lesson, lesson_text, quiz, read, said


def test_course_keys_become_values():
    parsed = read(
        {
            "course.md": """---
title: "Nilai Dasar ASN: BerAKHLAK"
summary: Tujuh nilai.
lang: id
hours: 0.9
kind: sosial-kultural
competency: perekat-bangsa
level: 1
objectives: [Mengenal, Menerapkan]
requires: [pengantar-asn]
order: free
pass: 72.5
certificate:
  kind: lulus
  issue: automatic
  valid: 2y
provider: BKPSDM Kota Mataram
partners: [Universitas Mataram]
siasn: {jenis_diklat: 16}
---
Uraian.
""",
            "02-ujian.quiz.md": f"---\ntitle: Ujian\ngraded: true\n---\n{QUESTION}",
        }
    )
    course = parsed.course
    assert course, parsed.problems
    assert (course.title, course.summary, course.lang) == ("Nilai Dasar ASN: BerAKHLAK", "Tujuh nilai.", "id")
    assert (course.hours, course.kind, course.order) == (Decimal("0.9"), Kind.SOCIOCULTURAL, Order.FREE)
    assert (course.competency, course.level, course.siasn_kind) == ("perekat-bangsa", 1, 16)
    assert (course.objectives, course.requires) == (("Mengenal", "Menerapkan"), ("pengantar-asn",))
    assert course.certificate == CertificateRule(CertificateKind.PASSED, Issue.AUTOMATIC, "2y")
    assert (course.pass_percent, course.partners) == (Fraction(145, 2), ("Universitas Mataram",))
    assert course.description.text == "Uraian."


def test_lesson_keys_become_values():
    one = lesson(
        lesson_text(keys="id: 01\nminutes: 12\nobjectives: [a]\nminimum: 3m\nrelease: 7d\nchange: material\n")
    )
    assert (one.id, one.minutes, one.objectives, one.complete) == ("01", 12, ("a",), "read")
    assert (one.minimum, one.change) == (timedelta(minutes=3), "material")
    assert one.release == Release(after_enrolment=timedelta(days=7))


def test_quiz_keys_become_values():
    one = quiz(
        QUESTION,
        "graded: true\nrole: posttest\npass: 70\nattempts: 3\noffline: 24h\nminutes: 15\n"
        "shuffle: [questions, choices]\nshow: {score: after-last-attempt, answers: never}\n",
    )
    assert (one.graded, one.role, one.pass_percent, one.attempts) == (True, "posttest", Fraction(70), 3)
    assert (one.offline, one.time, one.minutes) == (timedelta(hours=24), None, 15)
    assert (one.shuffle_questions, one.shuffle_choices) == (True, True)
    assert one.show == Show(Reveal.AFTER_LAST_ATTEMPT, Reveal.NEVER)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("no", "no"),
        ("2026", "2026"),
        ("12:30", "12:30"),
        ("'~'", "~"),
        ("true", "true"),
        ("a # bukan", "a"),
        (">\n  dua\n  baris", "dua baris"),
    ],
)
def test_a_title_is_the_text_that_was_written(written, title):
    assert lesson(f"---\ntitle: {written}\nminutes: 40\n---\nTeks.\n").title == title


@pytest.mark.parametrize(
    ("written", "release"),
    [
        ("2026-12-01", Release(on=date(2026, 12, 1))),
        ("7d after enrolment", Release(after_enrolment=timedelta(days=7))),
    ],
)
def test_a_release_is_a_day_or_a_time_after_enrolment(written, release):
    assert lesson(lesson_text(keys=f"minutes: 40\nrelease: {written}\n")).release == release


def test_zero_switches_the_least_time_off_and_nothing_leaves_it_to_the_setting():
    assert lesson(lesson_text(keys="minutes: 40\nminimum: 0\n")).minimum == timedelta()
    assert lesson(lesson_text(keys="minutes: 40\nminimum:\n")).minimum is None


def test_a_file_with_broken_keys_is_one_problem_and_everything_else_is_read():
    found = said(
        {
            "01-asal.md": "---\ntitle: a: b\nfoo: bar\n---\n![](x.png)\n",
            "02-b.md": lesson_text("[ini](03-c.md)\n"),
        }
    )
    assert found == [
        "01-asal.md:2:9 yaml",
        "01-asal.md:5:1 alt-missing",
        "01-asal.md:5:1 media-missing",
        "02-b.md:5:1 link-target",
    ]


def test_windows_files_count_the_same_lines():
    text = "\ufeff---\ntitle: Asal\nminutes: 40\n---\n\n[ini](x.md)\n".replace("\n", "\r\n")
    assert said({"01-asal.md": text}) == ["01-asal.md:6:1 link-target"]


def test_unknown_keys_name_the_likely_one_first():
    problem = read({"01-asal.md": lesson_text(keys="minuts: 40\n")}).problems[0]
    assert problem.sentence.partition("Known are: ")[2].startswith("minutes")


@pytest.mark.parametrize("digits", ["٤", "４0", "1_0", "0x1", "+5", " ", "4 0"])
def test_only_plain_digits_are_numbers(digits):
    assert said({"01-asal.md": lesson_text(keys=f"minutes: '{digits}'\n")}) == ["01-asal.md:3:10 bad-number"]

"""Whatever is posted as an answer is graded by the one rule or refused whole; no grade comes from outside.

The rule is written down here a second time, in a few lines that share nothing with `courses.assessment`.
"""

import re
import unicodedata
from fractions import Fraction

import pytest
from sqlalchemy import select

from app.extensions import db
from courses.assessment.models import Attempt, Response
from courses.learning.models import Completion
from tests.corpora import corpus
from tests.people import fields, sign_in
from tests.publishing import publish_folder, sample_course, with_files
from tests.web.hostile import changed, encoded, sample, sound, tables

URLENCODED = "application/x-www-form-urlencoded"
BASE = "/learn/contoh/quiz/nilai"
QUIZ = """---
title: Nilai
graded: true
attempts: 0
pass: 60
---

## Pilih satu. {#satu points=2}

- (x) Benar
- ( ) Salah

## Pilih semua. {#semua points=3}

- [x 70%] Pertama
- [x] Kedua
- [ ] Ketiga

## Berapa? {#angka points=4}

= 1
= -5..0 {50%}
= 1000..1000000 {25%}

## Tulis. {#kata points=5}

= a
= ss {50%}
= 1 {20%}
= benar {10%}
"""
NUMBERS = [(Fraction(1), Fraction(1), Fraction(1)), (Fraction(-5), Fraction(0), Fraction(1, 2))]
NUMBERS += [(Fraction(1000), Fraction(1000000), Fraction(1, 4))]
WORDS = {"a": Fraction(1), "ss": Fraction(1, 2), "1": Fraction(1, 5), "benar": Fraction(1, 10)}
CLAIMS = (
    "score",
    "earned",
    "points",
    "passed",
    "percent",
    "number",
    "state",
    "person_id",
    "attempt",
    "deadline",
)


def test_every_value_as_a_number_and_a_word_earns_what_the_rule_says(taker):
    refused = 0
    for value in corpus("quiz_values"):
        page = _start(taker)
        form = _form(page) | {"q-3": value, "q-4": value}
        answer = sound(taker.post(f"{BASE}/attempt", data=encoded(form), content_type=URLENCODED), value)
        if answer.status_code == 303:
            expected = 4 * _number_share(value) + 5 * _word_share(value)
            assert _graded(answer).earned == expected, value
            assert sound(taker.get(answer.location), value).status_code == 200
        else:
            assert answer.status_code in {400, 422}, value
            assert _latest().state == "open"
            refused += 1
    assert refused <= 2  # a NUL is refused, the others are words as good as any


def test_no_value_is_a_choice_this_attempt_gave_out(taker):
    page = _start(taker)
    right = _tokens(page, "q-1")[0]
    before = tables()
    for value in [value for value in corpus("quiz_values") if value.strip()]:
        for pairs in ([("q-1", value)], [("q-2", value), ("q-1", right)]):
            body = b"&".join(encoded(form) for form in ([_form(page)] + [dict([pair]) for pair in pairs]))
            answer = taker.post(f"{BASE}/attempt", data=body, content_type=URLENCODED)
            assert sound(answer, value).status_code in {400, 422}, value
    assert changed(before) == set()
    assert _latest().state == "open"


@pytest.mark.parametrize("which", range(8))
def test_choices_earn_what_the_rule_says(taker, which):
    page = _start(taker)
    chosen = [bool(which & 1), bool(which & 2), bool(which & 4)]
    tokens = [token for token, wanted in zip(_tokens(page, "q-2"), chosen, strict=True) if wanted]
    answer = taker.post(
        f"{BASE}/attempt", data={**_form(page), "q-2": tokens, "q-1": _tokens(page, "q-1")[0]}
    )
    weights = (Fraction(7, 10), Fraction(3, 10), Fraction(-1))
    share = sum((weight for weight, wanted in zip(weights, chosen, strict=True) if wanted), Fraction(0))
    attempt = _graded(answer)
    assert attempt.earned == 2 + 3 * max(Fraction(0), share)
    assert attempt.passed is (attempt.earned * 100 >= 60 * 14)


def test_no_grade_is_taken_from_a_client(taker):
    for value in sample("quiz_values", 12):
        before = db.session.query(Attempt).count()
        db.session.rollback()
        page = _start(taker)
        form = _form(page) | dict.fromkeys(CLAIMS, value) | {"q-99": value, "q--1": value, "q-": value}
        answer = sound(taker.post(f"{BASE}/attempt", data=encoded(form), content_type=URLENCODED), value)
        if answer.status_code == 303:
            attempt = _graded(answer)
            assert attempt.earned == 0
            assert attempt.passed is False
            assert attempt.number == before + 1
        else:
            assert answer.status_code == 400
            taker.post(f"{BASE}/attempt", data=_form(page))
    passed = db.session.scalar(select(Completion.passed).where(Completion.step_id == "nilai"))
    assert passed is False


def test_text_is_taken_up_to_its_length_and_not_beyond(taker):
    page = _start(taker)
    for length, expected in ((2000, 303), (2001, 422), (20_000, 422)):
        form = _form(page) | {"action": "save", "q-4": "a" * length, "operation": f"operation-{length:012}"}
        assert sound(taker.post(f"{BASE}/attempt", data=form)).status_code == expected


@pytest.mark.parametrize(
    ("value", "share"),
    [
        ("1", 1),
        ("1,0", 1),
        ("1.0", 1),
        ("-0", Fraction(1, 2)),
        ("1.000", Fraction(1, 4)),
        ("1000,5", Fraction(1, 4)),
        *((word, 0) for word in ("1e3", "0x1", "１", "1,000.50", "")),
    ],
)
def test_the_second_rule_of_numbers_is_the_one_that_is_written_down(value, share):
    assert _number_share(value) == share


@pytest.fixture
def taker(app, client, course, learner):
    free = sample_course().files["course.md"].decode().replace("order: sequential", "order: free")
    publish_folder(with_files(sample_course(), {"course.md": free, "91-nilai.quiz.md": QUIZ}))
    sign_in(client, learner)
    client.post("/learn/contoh/enrol", data=fields(client.get("/courses/contoh").text))
    return client


def _start(client) -> str:
    client.post(f"{BASE}/start", data=fields(client.get(BASE).text))
    return client.get(f"{BASE}/attempt").text


def _form(page: str) -> dict[str, str]:
    return fields(page) | {"action": "submit"}


def _tokens(page: str, name: str) -> list[str]:
    """The names of the choices, in the author's order: this quiz shuffles nothing."""
    return re.findall(rf'name="{name}" value="([^"]+)"', page)


def _graded(answer) -> Attempt:
    """The attempt that was handed in; what it earned is the sum of what its answers earned."""
    number = int(answer.location.rsplit("/", 1)[1])
    attempt = db.session.scalars(
        select(Attempt).where(Attempt.number == number, Attempt.step_id == "nilai")
    ).one()
    earned = db.session.scalars(select(Response.earned).where(Response.attempt_id == attempt.id)).all()
    _close()
    assert attempt.state == "graded"
    assert attempt.possible == 14
    assert attempt.earned == sum(share or 0 for share in earned)
    return attempt


def _latest() -> Attempt:
    found = db.session.scalars(select(Attempt).order_by(Attempt.number.desc())).first()
    _close()
    assert found is not None
    return found


def _close() -> None:
    """End the transaction and keep what was read as it was: the next look must see what is stored then."""
    db.session.expunge_all()
    db.session.rollback()


def _number_share(value: str) -> Fraction:
    """COURSE-FORMAT, "Numbers", for `lang: id`: dots part thousands, a comma the decimals."""
    text = re.sub(r"\s", "", value).replace("\u2212", "-").replace("\u2013", "-")
    if re.fullmatch(r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?", text):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
        text = text.replace(",", ".")
    if len(value) > 40 or not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text):
        return Fraction(0)
    number = Fraction(text)
    return max((share for low, high, share in NUMBERS if low <= number <= high), default=Fraction(0))


def _word_share(value: str) -> Fraction:
    """COURSE-FORMAT, "Text": NFKC, case and white space folded."""
    text = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
    return WORDS.get(unicodedata.normalize("NFKC", text), Fraction(0))

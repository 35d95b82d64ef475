"""Numbers as learners write them: by the comma and dot of the course's language, never by a look-alike."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.assessment.numbers import LONGEST, read_number, write_number
from tests.corpora import corpus


@pytest.mark.parametrize(
    ("written", "indonesian", "english"),
    [
        ("7", "7", "7"),
        ("007", "7", "7"),
        (" 7 ", "7", "7"),
        ("+7", "7", "7"),
        ("-7", "-7", "-7"),
        ("−7", "-7", "-7"),  # a minus sign
        ("–7", "-7", "-7"),  # a dash, as word processors put it
        ("1,5", "1.5", "1.5"),
        ("1.5", "1.5", "1.5"),
        ("0,5", "0.5", "0.5"),
        ("0.5", "0.5", "0.5"),
        ("0.500", "0.500", "0.500"),  # no thousands begin with 0
        ("0,500", "0.500", "0.500"),
        ("1.234", "1234", "1.234"),
        ("1,234", "1.234", "1234"),
        ("12.345", "12345", "12.345"),
        ("12,34", "12.34", "12.34"),
        ("123.456.789", "123456789", None),
        ("123,456,789", None, "123456789"),
        ("1.234,5", "1234.5", None),
        ("1,234.5", None, "1234.5"),
        ("1.234.567,89", "1234567.89", None),
        ("1 234 567", "1234567", "1234567"),
        ("1\u00a0234,5", "1234.5", "1234.5"),
        ("-1.234,5", "-1234.5", None),
        ("1.2345", "1.2345", "1.2345"),
        ("1.23.456", None, None),
        ("1..5", None, None),
        ("1,,5", None, None),
        (",5", None, None),
        (".5", None, None),
        ("5.", None, None),
        ("5,", None, None),
        ("1e3", None, None),
        ("0x10", None, None),
        ("1_000", None, None),
        ("1/2", None, None),
        ("50%", None, None),
        ("NaN", None, None),
        ("Infinity", None, None),
        ("--1", None, None),
        ("+-1", None, None),
        ("-", None, None),
        ("", None, None),
        ("   ", None, None),
        ("satu", None, None),
        ("Rp5", None, None),
    ],
)
def test_what_a_learner_wrote_is_read_in_the_language_of_the_course(written, indonesian, english):
    readings = [read_number(written, lang) for lang in ("id", "en")]
    assert readings == [None if said is None else Decimal(said) for said in (indonesian, english)]


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(
    "written",
    ["１", "٣", "³", "Ⅷ", "½", "१", "𝟙", "1\u200b", "\u202e1", "\ufeff1", "l", "1\x00", "\ud8001"],
)
def test_a_look_alike_is_not_a_number(written, lang):
    assert read_number(written, lang) is None


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_number_has_at_most_forty_characters(lang):
    assert read_number("9" * LONGEST, lang) == Decimal("9" * LONGEST)
    assert read_number("9" * (LONGEST + 1), lang) is None
    assert read_number("9" * 1_000_000, lang) is None


@given(st.text(), st.sampled_from(["id", "en", "xx"]))
def test_any_text_is_a_finite_number_or_none(written, lang):
    value = read_number(written, lang)
    assert value is None or value.is_finite()


@given(st.text(alphabet="0123456789+-–−., \u00a0١１e_", max_size=12), st.sampled_from(["id", "en"]))
def test_what_is_read_has_the_digits_that_were_written_and_no_others(written, lang):
    value = read_number(written, lang)
    if value is not None:
        digits = [character for character in written if character in "0123456789"]
        assert "".join(map(str, value.as_tuple().digits)).lstrip("0") == "".join(digits).lstrip("0")
        assert not set(written) & set("١１e_")


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_corpus_of_quiz_values_is_read_by_one_rule_and_no_look_alike_is_a_number(lang):
    read = {written: read_number(written, lang) for written in corpus("quiz_values")}
    numbers = {written for written, value in read.items() if value is not None}
    assert numbers == {
        *("-1", "0.30000000000000004", "0", "1.0", "2147483648", "9223372036854775808"),
        "99999999999999999999999999",
        *(["1,000.50"] if lang == "en" else []),
    }
    assert all(written.isascii() for written in numbers)


VALUES = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places), st.integers(-(10**20), 10**20), st.integers(0, 9)
)


@given(VALUES, st.sampled_from(["id", "en"]))
def test_a_number_as_it_is_written_on_a_page_is_read_back_as_itself(value, lang):
    assert read_number(write_number(value, lang), lang) == value


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        ("1234.5", "1.234,5", "1,234.5"),
        ("0.5", "0,5", "0.5"),
        ("1E+3", "1.000", "1,000"),
        ("-7", "-7", "-7"),
        ("1.50", "1,50", "1.50"),
        ("1000000", "1.000.000", "1,000,000"),
    ],
)
def test_numbers_are_written_as_their_language_does(value, indonesian, english):
    assert [write_number(Decimal(value), lang) for lang in ("id", "en")] == [indonesian, english]


def test_nothing_is_never_shown_as_less_than_nothing():
    value = read_number("-0", "id")
    assert value is not None
    assert write_number(value, "id") == "0"

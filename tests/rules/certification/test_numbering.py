"""Certificate numbers: a pattern gives every certificate a number of its own, or is refused by name."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.certification.numbering import (
    DEFAULT_PATTERN,
    FieldMissing,
    FieldsRunTogether,
    FieldUnknown,
    PatternInvalid,
    PatternTooLong,
    StrayBrace,
    WidthInvalid,
    format_number,
    validate_pattern,
)


def number(pattern=DEFAULT_PATTERN, sequence=42, unit="BKPSDM", issued_on=date(2026, 11, 24)):
    return format_number(pattern, sequence=sequence, unit=unit, issued_on=issued_on, classification="800.2.3")


def test_the_usual_pattern_gives_the_usual_number():
    assert number() == "800.2.3/00042/BKPSDM/XI/2026"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{urut}/{tahun}", "42/2026"),
        ("{urut:03}/KOMINFO/{tahun}", "042/KOMINFO/2026"),
        ("No. {urut:12}-{bulan}.{tahun}".replace(":12", ":012"), "No. 000000000042-11.2026"),
        ("{urut}/{bulan:02}/{tahun}", "42/11/2026"),
        ("{tahun}-{urut:01}", "2026-42"),
    ],
)
def test_patterns_say_what_they_look_like(pattern, expected):
    assert number(pattern) == expected


def test_a_sequence_wider_than_its_padding_is_not_cut():
    assert number("{urut:02}/{tahun}", sequence=12345) == "12345/2026"


def test_months_are_roman():
    months = [number("{urut}/{bulan_romawi}/{tahun}", issued_on=date(2026, m, 1)) for m in range(1, 13)]
    assert " ".join(one.split("/")[1] for one in months) == "I II III IV V VI VII VIII IX X XI XII"


def test_what_fills_a_field_is_not_read_as_a_pattern():
    assert number("{unit}/{urut}/{tahun}", unit="{urut}{0.__class__}%s") == "{urut}{0.__class__}%s/42/2026"


@pytest.mark.parametrize(
    ("pattern", "refusal"),
    [
        ("", FieldMissing),
        ("{urut}", FieldMissing),
        ("{tahun}", FieldMissing),
        ("urut/tahun", FieldMissing),
        ("{urut}/{tahun}/{x}", FieldUnknown),
        ("{urut}/{tahun}/{}", FieldUnknown),
        ("{urut}/{tahun}/{0}", FieldUnknown),
        ("{urut.__class__.__mro__}/{tahun}", FieldUnknown),
        ("{urut!r}/{tahun}", FieldUnknown),
        ("{urut[0]}/{tahun}", FieldUnknown),
        ("{URUT}/{tahun}", FieldUnknown),
        ("{ urut }/{tahun}", FieldUnknown),
        ("{urut}/{tahun}/{", StrayBrace),
        ("{urut}/{tahun}}", StrayBrace),
        ("{{urut}}/{tahun}", StrayBrace),
        ("{urut:{tahun}}", StrayBrace),
        ("{urut:5}/{tahun}", WidthInvalid),
        ("{urut:05d}/{tahun}", WidthInvalid),
        ("{urut:}/{tahun}", WidthInvalid),
        ("{urut:099}/{tahun}", WidthInvalid),
        ("{urut:0٥}/{tahun}", WidthInvalid),
        ("{unit:05}/{urut}/{tahun}", WidthInvalid),
        ("{urut}{tahun}", FieldsRunTogether),
        ("{bulan}{urut}/{tahun}", FieldsRunTogether),
        ("{bulan}1{urut}/{tahun}", FieldsRunTogether),
        ("{urut}/{tahun}" + "x" * 200, PatternTooLong),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_by_name(pattern, refusal):
    with pytest.raises(refusal) as refused:
        validate_pattern(pattern)
    assert type(refused.value) is refusal
    with pytest.raises(PatternInvalid):
        number(pattern)


PIECES = st.sampled_from(
    ["{urut}", "{urut:03}", "{tahun}", "{bulan}", "{bulan_romawi}", "{unit}", "/", "-", "1", "I", "X1"]
)


@given(
    st.lists(PIECES, min_size=2, max_size=8).map("".join),
    st.tuples(st.integers(1, 2000), st.integers(1, 12)),
    st.tuples(st.integers(1, 2000), st.integers(1, 12)),
)
def test_two_sequences_of_a_year_never_share_a_number(pattern, one, other):
    try:
        validate_pattern(pattern)
    except PatternInvalid:
        return
    numbers = {
        number(pattern, sequence=sequence, issued_on=date(2026, month, 1)) for sequence, month in (one, other)
    }
    assert len(numbers) == len({one[0], other[0]}) or one[0] == other[0]

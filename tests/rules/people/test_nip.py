"""NIP and NI PPPK: what is read, what is refused and why, and that no number becomes another person's."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from courses.people.nip import BadNip, grouped, masked, parse_nip
from tests.corpora import corpus

TODAY = date(2026, 11, 24)
PNS = "198704122011012003"
PPPK = "200012312024211001"


def reason(written: str, today: date = TODAY) -> str | None:
    """Why a number is refused; None when it is taken."""
    try:
        parse_nip(written, today)
    except BadNip as refusal:
        return refusal.reason
    return None


@pytest.mark.parametrize(
    ("digits", "status", "born", "year"),
    [
        (PNS, "PNS", date(1987, 4, 12), 2011),
        ("200012312024121001", "PNS", date(2000, 12, 31), 2024),
        (PPPK, "PPPK", date(2000, 12, 31), 2024),
        ("199001012025242001", "PPPK", date(1990, 1, 1), 2025),  # part-time, 2025
        ("199602292020022903", "PNS", date(1996, 2, 29), 2020),
        ("200202012027011143", "PNS", date(2002, 2, 1), 2027),  # appointed from next year
    ],
)
def test_the_digits_say_status_birth_and_first_year(digits, status, born, year):
    read = parse_nip(digits, TODAY)
    assert (read.digits, read.status, read.born_on, read.appointed_year) == (digits, status, born, year)


@pytest.mark.parametrize("marker", [f"{n:02}" for n in range(100)])
def test_13_and_14_are_a_month_for_pns_or_the_contract_marker_of_pppk_and_nothing_else(marker):
    written = f"19870412 2011 {marker} 2003"
    if 1 <= int(marker) <= 12:
        assert parse_nip(written, TODAY).status == "PNS"
    elif 21 <= int(marker) <= 29:
        assert parse_nip(written, TODAY).status == "PPPK"
    else:
        assert reason(written) == "shape"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "length"),
        ("130123456", "length"),  # the nine digits of before 2007
        ("19870412201101200", "length"),
        ("1987041220110120031", "length"),
        ("1987041220110112003", "length"),  # two digits for the sex
        ("198704122011012003.0", "length"),  # a spreadsheet's cell as text
        ("1.98704122011012E+17", "length"),
        ("19870412201101200.0", "shape"),  # seventeen digits and a decimal place are not eighteen digits
        ("19870412201101212.0", "shape"),
        ("198704122011012.00", "length"),
        ("l98704122011012003", "shape"),
        ("198704122O11012003", "shape"),
        ("-98704122011012003", "shape"),
        ("19870412-201101-2-003", "length"),
        ("١٩٨٧٠٤١٢٢٠١١٠١٢٠٠٣", "shape"),
        ("１９８７０４１２２０１１０１２００３", "shape"),
        ("%9870412201101200_", "shape"),
        ("198704122011010003", "shape"),  # sex 0
        ("198704122011013003", "shape"),  # sex 3
        ("198713122011012003", "birth-date"),
        ("198702292011012003", "birth-date"),
        ("000000002011012003", "birth-date"),
        ("198704122011012000", "serial"),
        ("198704122028012003", "year"),
        ("198704121987012003", "year"),  # appointed in the year of birth
        ("198704121900012003", "year"),
    ],
)
def test_what_cannot_be_a_nip_is_refused_with_the_reason(written, why):
    assert reason(written) == why


@pytest.mark.parametrize(
    "written",
    [
        "19870412 201101 2 003",
        "19870412.201101.2.003",
        " 198704122011012003 ",
        "198704122011012003\r\n",
        "1987 0412 2011 0120 03",
        "19870412 201101 2003",
    ],
)
def test_spaces_and_dots_between_the_parts_do_not_count(written):
    assert parse_nip(written, TODAY).digits == PNS


def test_next_year_counts_from_the_day_of_asking():
    assert reason("198704122027012003", date(2025, 12, 31)) == "year"
    assert reason("198704122027012003", date(2026, 1, 1)) is None


def test_a_number_rounded_by_a_spreadsheet_is_another_number_and_is_not_taken_for_the_first():
    written = f"{float('199001012025242001'):.0f}"
    assert written == "199001012025242016"
    assert parse_nip(written, TODAY).digits != "199001012025242001"  # so import refuses numeric cells
    assert reason(repr(float("199001012025242001"))) is not None


def test_the_serial_is_the_last_three_digits():
    assert [reason(f"198704122011012{serial:03}") for serial in (0, 1, 999)] == ["serial", None, None]


DATES = st.dates(date(1940, 1, 1), date(2005, 12, 31))


@st.composite
def numbers(draw) -> str:
    born = draw(DATES)
    year = draw(st.integers(born.year + 1, TODAY.year + 1))
    month = draw(st.one_of(st.integers(1, 12), st.integers(21, 29)))
    sex, serial = draw(st.sampled_from("12")), draw(st.integers(1, 999))
    return f"{born:%Y%m%d}{year}{month:02}{sex}{serial:03}"


@given(numbers())
def test_every_well_formed_number_is_taken_as_it_is(digits):
    read = parse_nip(digits, TODAY)
    assert read.digits == digits
    assert f"{read.born_on:%Y%m%d}{read.appointed_year}" == digits[:12]
    assert parse_nip(grouped(digits), TODAY) == read


@given(numbers(), st.lists(st.tuples(st.integers(0, 18), st.sampled_from(" .")), max_size=6))
def test_separators_never_add_lose_or_reorder_a_digit(digits, separators):
    written = digits
    for at, separator in sorted(separators, reverse=True):
        written = written[:at] + separator + written[at:]
    assert reason(written) is not None or parse_nip(written, TODAY).digits == digits


@given(numbers(), st.data())
def test_whatever_is_written_is_this_person_or_nobody(digits, data):
    """Any one change: a character replaced, added or dropped; two neighbours swapped."""
    at = data.draw(st.integers(0, 17))
    strange = data.draw(st.characters())
    changed = data.draw(
        st.sampled_from(
            [
                digits[:at] + strange + digits[at + 1 :],
                digits[:at] + strange + digits[at:],
                digits[:at] + digits[at + 1 :],
                digits[:at] + strange + digits[at + 1 :] + strange,
            ]
        )
    )
    kept = [character for character in changed if character in "0123456789"]
    assume("".join(kept) != digits)
    if reason(changed) is None:
        assert parse_nip(changed, TODAY).digits == "".join(kept)
        assert len(kept) == 18


@given(st.text())
def test_any_text_is_read_or_refused_and_never_fails_otherwise(written):
    assert reason(written) in {None, "length", "shape", "birth-date", "serial", "year"}


def test_the_corpus_of_valid_numbers_is_taken_as_written():
    # Some are of years to come: the corpus knows no present day.
    assert [nip for nip in corpus("nip_valid") if reason(nip, date(2031, 1, 1))] == []


def test_the_corpus_of_invalid_numbers_is_refused_or_read_by_the_one_rule_for_separators():
    taken = {nip: parse_nip(nip, TODAY).digits for nip in corpus("nip_invalid") if reason(nip) is None}
    assert {nip.strip().replace(" ", ""): digits for nip, digits in taken.items()} == {
        digits: digits for digits in taken.values()
    }
    assert all(nip.isascii() for nip in taken)


def test_the_public_sees_the_year_of_birth_and_the_last_four_digits():
    assert masked(PNS) == "1987••••••••••2003"
    assert len(masked(PNS)) == 18


@pytest.mark.parametrize("written", ["", "1987", "19870412 201101 2 003", "1" * 19])
def test_what_is_not_a_number_is_masked_away_whole(written):
    assert masked(written) == ""


@given(numbers())
def test_a_mask_hides_day_month_and_appointment(digits):
    assert masked(digits)[4:14] == "•" * 10


def test_documents_print_the_number_in_groups():
    assert grouped(PNS) == "19870412 201101 2 003"
    assert grouped("123") == "123"

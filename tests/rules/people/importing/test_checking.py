"""A sheet of people is judged whole: every problem at its row and column, and nothing else is one."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from courses.people.importing.cells import SheetRefused
from courses.people.importing.checking import Checked, Column, Entry, Places, check
from courses.people.importing.sheets import read_sheet
from tests.corpora import corpus
from tests.sheets import BUDI, HEADINGS, SITI, csv_of, xlsx_of

TODAY = date(2026, 11, 24)
UNITS = ((1, "Dinas Pendidikan"), (2, "Puskesmas A"), (3, "PUSKESMAS a"))
ANYWHERE, SOMEWHERE = Places(UNITS, optional=True), Places(UNITS, optional=False)
NIP = SITI[0]


def judged(*rows, places=ANYWHERE) -> Checked:
    return check(read_sheet(csv_of(rows)), places, TODAY)


def said(*rows, places=ANYWHERE) -> list[tuple[int, str, str]]:
    return [(one.row, one.column.title, one.code) for one in judged(*rows, places=places).problems]


def row(**changed: str) -> list[str]:
    """Siti's row, but for some columns."""
    return [changed.get(heading.lower(), text) for heading, text in zip(HEADINGS, SITI, strict=True)]


def test_a_whole_row_becomes_a_person_cleaned():
    said = row(
        nama="  Siti   Aminah, S.Pd. ", unit="dinas  PENDIDIKAN", golongan="iii D", email="Siti@Example.id"
    )
    assert judged(HEADINGS, said).entries == (
        Entry(
            row=2,
            name="Siti Aminah, S.Pd.",
            nip=NIP,
            email="siti@example.id",
            unit_id=1,
            unit_name="Dinas Pendidikan",
            rank="Penata Muda",
            grade="III/d",
            position="Guru",
        ),
    )


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"nip": "1987"}, ("NIP", "nip-length")),
        ({"nip": "199505052020122000"}, ("NIP", "nip-serial")),
        ({"nip": "199513052020122003"}, ("NIP", "nip-birth-date")),
        ({"nip": "1,99505E+17"}, ("NIP", "nip-number")),
        ({"nip": "1.99505052020122E+17"}, ("NIP", "nip-number")),
        ({"nip": "", "email": ""}, ("NIP", "identifier")),
        ({"nama": ""}, ("Nama", "name-missing")),
        ({"nama": "Sіti"}, ("Nama", "name-signs")),
        ({"nama": "Admin"}, ("Nama", "name-reserved")),
        ({"nama": "Siti\u202eAminah"}, ("Nama", "characters")),
        ({"email": "siti"}, ("Email", "email")),
        ({"email": "siti@"}, ("Email", "email")),
        ({"unit": "Dinas Sosial"}, ("Unit", "unit-unknown")),
        ({"unit": "puskesmas a"}, ("Unit", "unit-unknown")),  # two are called so: which one?
        ({"golongan": "V/a"}, ("Golongan", "grade")),
        ({"golongan": "9"}, ("Golongan", "grade")),
        ({"jenis": "honorer"}, ("Jenis", "status")),
        ({"jenis": "PPPK"}, ("Jenis", "status-of-nip")),
        ({"jabatan": "x" * 121}, ("Jabatan", "long")),
        ({"pangkat": "Ωmega ☕"}, None),  # whatever can be printed is taken as it is
        ({"jabatan": "a\x00b"}, ("Jabatan", "characters")),
        ({"jabatan": "a\u200bb"}, ("Jabatan", "characters")),
    ],
)
def test_each_problem_is_named_at_its_column(changed, problem):
    rows = [HEADINGS, BUDI, row(**changed)]
    assert said(*rows) == ([(3, *problem)] if problem else [])


def test_every_problem_is_found_in_one_pass():
    rows = [HEADINGS, row(nip="1", nama="", email="x"), row(unit="?"), [*row(nip=NIP), "mehr"]]
    assert said(*rows) == [
        (2, "NIP", "nip-length"),
        (2, "Nama", "name-missing"),
        (2, "Email", "email"),
        (3, "Unit", "unit-unknown"),
        (4, "NIP", "twice"),
        (4, "Email", "twice"),
        (4, "I", "no-heading"),
    ]


def test_the_same_number_and_address_twice_names_the_first_row():
    other = row(nip="1995 0505 202012 2 003", email="SITI@example.id")
    found = judged(HEADINGS, row(), row(nip=BUDI[0], email="", jenis=""), other).problems
    assert [(one.row, one.code, one.about) for one in found] == [(4, "twice", "2"), (4, "twice", "2")]


def test_where_a_unit_is_needed_a_row_without_one_is_refused():
    assert said(HEADINGS, row(), places=SOMEWHERE) == [(2, "Unit", "unit-missing")]
    assert said(("NIP", "Nama"), (NIP, "Siti"), places=SOMEWHERE) == [(2, "Unit", "unit-missing")]
    assert said(HEADINGS, row(unit="PUSKESMAS a"), places=SOMEWHERE) == []


@pytest.mark.parametrize(
    "headings",
    [
        ("nip", "nama"),
        (" N I P ", "NAMA LENGKAP"),
        ("NIP/NI PPPK", "Nama Pegawai"),
        ("No.", "NIP Baru", "Alamat", "Nama (dan Gelar)"),
    ],
)
def test_headings_are_known_in_every_habit_and_other_columns_are_said_to_be_ignored(headings):
    cells = {"nip": NIP, "nama": "Siti"}
    values = [
        next((text for word, text in cells.items() if word in "".join(h.lower().split())), "7")
        for h in headings
    ]
    found = judged(("DAFTAR ASN DINAS PENDIDIKAN",), (), headings, values)
    assert (found.entries[0].nip, found.entries[0].name, found.problems) == (NIP, "Siti", ())
    assert found.ignored == tuple(h for h in headings if h in {"No.", "Alamat"})


@pytest.mark.parametrize(
    ("headings", "problems"),
    [
        (("NIP", "Nama", "NIP"), [("NIP", 3, "heading-twice")]),
        (("NIP", "Jabatan"), [("Nama", 0, "heading-missing")]),
        (("Nama", "Unit"), [("NIP", 0, "heading-missing")]),
    ],
)
def test_wrong_headings_are_the_only_problem(headings, problems):
    found = judged(headings, ("1", "2", "3")).problems
    assert [(one.column.title, one.column.position, one.code) for one in found] == problems
    assert {one.row for one in found} == {1}


def test_without_headings_or_people_there_is_nothing_to_judge():
    for rows, why in (([("1", "2")], "headings"), ([HEADINGS], "nobody"), ([HEADINGS, ("",)], "nobody")):
        with pytest.raises(SheetRefused, match="SheetRefused") as caught:
            judged(*rows)
        assert caught.value.reason == why


def test_numbers_and_faults_of_a_workbook_are_no_text():
    rows = [HEADINGS, [int(NIP), "Siti", "", "", 7, "III/a", "=1/0", ""]]
    found = check(read_sheet(xlsx_of(rows)), ANYWHERE, TODAY).problems
    assert [(one.column.title, one.code) for one in found][:2] == [
        ("NIP", "nip-number"),
        ("Pangkat", "number"),
    ]
    assert found[2].column == Column(7, "Jabatan")


def column_of(heading: str, texts: list[str], write: Callable[..., bytes]) -> Checked:
    """Judge texts in one column of a sheet that is fine otherwise, when the corpus is of the present."""
    fine = {"NIP": NIP, "Nama": "Siti", "Email": ""}
    rows = [list({**fine, heading: text}.values()) for text in texts]
    return check(read_sheet(write([list(fine), *rows])), ANYWHERE, date(2031, 1, 1))


def refused(found: Checked, heading: str) -> set[int]:
    """The places, from 0, of texts that are refused for what they are themselves."""
    wrong = {one.row for one in found.problems if one.column.title == heading and one.code != "twice"}
    return {row - 2 for row in wrong}


@pytest.mark.parametrize("write", [csv_of, xlsx_of])
class TestCorpora:
    def test_good_numbers_and_names_come_through_as_they_are(self, write):
        numbers, names = corpus("nip_valid"), corpus("names_accept")
        found = column_of("NIP", numbers, write)
        assert not refused(found, "NIP")
        assert [entry.nip for entry in found.entries] == numbers
        found = column_of("Nama", names, write)
        assert not refused(found, "Nama")
        assert [entry.name for entry in found.entries] == names

    def test_bad_numbers_are_refused_but_for_separators(self, write):
        numbers = [text for text in corpus("nip_invalid") if text.isprintable() and text.strip()]
        found = column_of("NIP", numbers, write)
        taken = set(range(len(numbers))) - refused(found, "NIP")
        assert {found.entries[place].nip for place in taken} == {
            numbers[place].strip().replace(" ", "").replace(".", "") for place in taken
        }

    def test_bad_names_are_refused(self, write):
        names = [text for text in corpus("names_reject") if fits(text, write)]
        assert len(names) > 70
        assert refused(column_of("Nama", names, write), "Nama") == set(range(len(names)))


def fits(text: str, write: Callable[..., bytes]) -> bool:
    """Whether a file can hold a text: XML holds fewer signs than UTF-8, and a CSV no lone surrogate."""
    unfit = "[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]" if write is xlsx_of else "[\ud800-\udfff]"
    return re.search(unfit, text) is None

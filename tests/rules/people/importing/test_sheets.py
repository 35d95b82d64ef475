"""Files of every habit become the same rows; what is no sheet, or hides something in one, is refused."""

import io
import random
import zipfile
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.people.importing import cells
from courses.people.importing.cells import Cell, Kind, SheetRefused
from courses.people.importing.sheets import read_sheet
from tests.sheets import BUDI, HEADINGS, MAIN, OFFICE, PACKAGE, SITI, csv_of, raw_xlsx, text_row, xlsx_of

ROWS = (HEADINGS, SITI, BUDI)


def texts(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in read_sheet(content).rows]


def reason(content: bytes) -> tuple[str, int | None]:
    with pytest.raises(SheetRefused) as caught:
        read_sheet(content)
    return caught.value.reason, caught.value.row


def only_cell(cell: str, **parts: str) -> Cell:
    """What is read of a cell given as XML."""
    content = raw_xlsx(f"<row>{cell}</row>", parts=parts)
    return read_sheet(content).rows[0].cells[0]


class TestCsv:
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_every_separator_and_encoding_gives_the_same_rows(self, separator, encoding):
        assert texts(csv_of(ROWS, separator=separator, encoding=encoding)) == texts(csv_of(ROWS))

    def test_commas_in_names_do_not_make_commas_the_separator(self):
        many = ("1", "Siti, S.Pd., M.Pd., Ph.D., M.A., B.A.", "Dinas A, B, C, D, E, F")
        assert texts(csv_of([("NIP", "Nama", "Unit"), many], separator=";"))[1] == list(many)

    def test_letters_of_an_old_windows_are_read_and_said_to_be_guessed(self):
        sheet = read_sheet(csv_of([("Nama",), ("Zoë",)], encoding="cp1252"))
        assert (sheet.rows[1].cells[0].text, sheet.guessed) == ("Zoë", True)
        assert not read_sheet(csv_of([("Nama",), ("Zoë",)])).guessed

    def test_rows_are_counted_as_a_spreadsheet_counts_them(self):
        content = b'\n\nnip,nama\n"1","a\nb"\n\n2,c\n'
        assert [row.number for row in read_sheet(content).rows] == [3, 4, 6]

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"", ("empty", None)),
            (b" \n\t ", ("empty", None)),
            (b"a" * (cells.MOST_BYTES + 1), ("large", None)),
            (b"\xff\xfea", ("encoding", None)),
            (b"nama\n\x81", ("encoding", None)),
            (b'nip,nama\n1,"a', ("quotes", 2)),
            (b'nip,nama\n1,"a"b\n', ("quotes", 2)),
            (b"nama\n" + b"a\n" * cells.MOST_ROWS, ("rows", None)),
            (b"nama\n" + b"a," * 100 + b"a", ("columns", 2)),
            (b"nama\n" + b"a" * 200_000, ("quotes", 2)),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("old", None)),
        ],
    )
    def test_what_cannot_be_read_is_refused_with_the_reason(self, content, why):
        assert reason(content) == why


class TestXlsx:
    def test_it_gives_the_rows_of_the_csv(self):
        assert texts(xlsx_of(ROWS)) == [list(row) for row in ROWS]

    def test_a_number_is_a_number_and_not_the_text_it_looks_like(self):
        row = read_sheet(xlsx_of([[198703122010011001, "198703122010011001"]])).rows[0]
        assert [cell.kind for cell in row.cells] == [Kind.NUMBER, Kind.TEXT]
        assert row.cells[0].text != row.cells[1].text

    @pytest.mark.parametrize(
        ("xml", "cell"),
        [
            ('<c t="e"><v>#REF!</v></c>', Cell("#REF!", Kind.FAULT)),
            ('<c t="s"><v>7</v></c>', Cell("#REF!", Kind.FAULT)),
            ('<c t="s"><v>-1</v></c>', Cell("#REF!", Kind.FAULT)),
            ('<c t="s"><v>0</v></c>', Cell("Siti Aminah")),
            ('<c t="str"><f>A1</f><v>x</v></c>', Cell("x")),
            ("<c><v>9</v></c>", Cell("9", Kind.NUMBER)),
            ('<c t="b"><v>1</v></c>', Cell("1", Kind.NUMBER)),
            ('<c t="d"><v>2026-11-24</v></c>', Cell("2026-11-24", Kind.NUMBER)),
            ('<c t="inlineStr"><is><t>a_x0041_b</t></is></c>', Cell("aAb")),
        ],
    )
    def test_each_kind_of_cell(self, xml, cell):
        strings = (
            f'<sst xmlns="{MAIN}"><si><r><t>Siti </t></r><r><t>Aminah</t></r><rPh><t>x</t></rPh></si></sst>'
        )
        assert only_cell(xml, **{"xl/sharedStrings.xml": strings}) == cell

    def test_a_cell_says_where_it_stands_or_stands_after_the_one_before(self):
        cells = [
            f'<c {place} t="str"><v>{text}</v></c>'
            for place, text in (('r="C7"', "c"), ("", "d"), ('r="A7"', "a"))
        ]
        [found] = read_sheet(raw_xlsx(f'<row r="7">{"".join(cells)}</row>')).rows
        assert (found.number, [cell.text for cell in found.cells]) == (7, ["a", "", "c", "d"])

    def test_the_first_sheet_one_can_see_is_read_and_hidden_ones_are_not(self):
        sheets = '<sheet name="H" state="hidden" r:id="r1"/><sheet name="S" r:id="r9"/>'
        link = f'<Relationship Id="{{}}" Type="{OFFICE}/worksheet" Target="{{}}"/>'
        links = link.format("r1", "worksheets/sheet1.xml") + link.format("r9", "/xl/worksheets/sheet2.xml")
        parts = {
            "xl/workbook.xml": f'<workbook xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
            "xl/worksheets/sheet2.xml": f"<worksheet>{text_row(1, 'seen')}</worksheet>",
        }
        assert texts(raw_xlsx(text_row(1, "hidden"), parts=parts)) == [["seen"]]

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"PK\x03\x04 no zip", ("broken", None)),
            (raw_xlsx("<row>"), ("broken", None)),
            (raw_xlsx('<row><c r="A0x"/></row>'), ("broken", None)),
            (raw_xlsx('<row r="x"/>'), ("broken", None)),
            (raw_xlsx('<row><c t="s"><v>x</v></c></row>'), ("broken", None)),
            (raw_xlsx('<row><c r="XFD1048576" t="str"><v>x</v></c></row>'), ("columns", 1)),
            (raw_xlsx(parts={"../x.xml": ""}), ("broken", None)),
            (raw_xlsx(parts={"/x.xml": ""}), ("broken", None)),
            (raw_xlsx(parts={"a\\x.xml": ""}), ("broken", None)),
            (raw_xlsx(parts={"xl/workbook.xml": "<workbook/>"}), ("broken", None)),
            (raw_xlsx(how=zipfile.ZIP_BZIP2), ("broken", None)),
            (raw_xlsx(how=zipfile.ZIP_LZMA), ("broken", None)),
            (raw_xlsx(parts={f"{n}.xml": "" for n in range(1000)}), ("broken", None)),
            (raw_xlsx(" " * (17 * 1024 * 1024)), ("large", None)),
            (raw_xlsx("<x/>" * 600_000), ("large", None)),
            (raw_xlsx("".join(text_row(n, "x") for n in range(1, cells.MOST_ROWS + 2))), ("rows", None)),
        ],
        ids=lambda value: value[0] if isinstance(value, tuple) else "",
    )
    def test_what_is_broken_or_hides_something_is_refused(self, content, why):
        assert reason(content) == why

    @pytest.mark.parametrize(
        "part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"]
    )
    def test_no_part_may_bring_a_document_type(self, part):
        with zipfile.ZipFile(io.BytesIO(raw_xlsx(text_row(1, "a")))) as archive:
            evil = '<!DOCTYPE r [<!ENTITY x "y">]>' + archive.read(part).decode()
        assert reason(raw_xlsx(text_row(1, "a"), parts={part: evil})) == ("broken", None)

    def test_another_zip_is_no_sheet(self):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("word/document.xml", "<x/>")
        assert reason(content.getvalue()) == ("kind", None)

    def test_a_part_is_not_two(self):
        content = io.BytesIO(raw_xlsx(text_row(1, "a")))
        with zipfile.ZipFile(content, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("xl/worksheets/sheet1.xml", "<x/>")
        assert reason(content.getvalue()) == ("broken", None)

    def test_no_damage_to_a_file_is_a_fault(self):
        whole, dice = xlsx_of(ROWS), random.Random(7)
        for _ in range(300):
            at = dice.randrange(len(whole))
            for damaged in (whole[:at], whole[:at] + bytes([dice.randrange(256)]) + whole[at + 1 :]):
                with suppress(SheetRefused):
                    read_sheet(damaged)


@given(st.binary(max_size=300))
def test_no_bytes_are_a_fault(content):
    for start in (b"", b"PK\x03\x04", b"\xff\xfe", b"nip,nama\n"):
        try:
            sheet = read_sheet(start + content)
        except SheetRefused:
            continue
        assert all(one.number < other.number for one, other in pairwise(sheet.rows))

"""Spreadsheets for tests: CSV and XLSX of the same rows, and XLSX of parts that no spreadsheet writes."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence

from xlsxwriter import Workbook

HEADINGS = ("NIP", "Nama", "Email", "Unit", "Pangkat", "Golongan", "Jabatan", "Jenis")
SITI = (
    "199505052020122003",
    "Siti Aminah, S.Pd.",
    "siti@example.id",
    "",
    "Penata Muda",
    "III/a",
    "Guru",
    "PNS",
)
BUDI = ("198703122025211001", "Budi Santoso", "", "", "", "IX", "Perawat", "PPPK")
Rows = Sequence[Sequence[object]]

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def csv_of(rows: Rows, *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV as a spreadsheet saves it."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_of(rows: Rows) -> bytes:
    """An XLSX whose numbers are numbers and whose texts are texts."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def raw_xlsx(
    cells: str = "", *, parts: Mapping[str, str] | None = None, how: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """An XLSX whose only sheet has these rows as XML, with other parts put beside or instead."""
    link = f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    strings = f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    sheets = '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
    whole = {
        "[Content_Types].xml": TYPES,
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{link}{strings}</Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>',
        **(parts or {}),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", how) as archive:
        for name, text in whole.items():
            archive.writestr(name, text)
    return content.getvalue()


def text_row(number: int, *texts: str) -> str:
    """A row of cells with their texts in them."""
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)
    return f'<row r="{number}">{cells}</row>'

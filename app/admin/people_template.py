"""The sheet that is offered to be filled in: our headings, cells that keep NIPs as text, units to choose."""

from collections.abc import Sequence
from io import BytesIO

from flask_babel import gettext

from courses.people.importing.headings import HEADINGS, Field

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAST_ROW = 1000  # as far down as cells are text and units can be chosen
WIDTHS = {Field.NIP: 22, Field.NAME: 36, Field.EMAIL: 30, Field.UNIT: 44, Field.RANK: 20, Field.POSITION: 40}
NARROW = 12


def template(units: Sequence[str]) -> bytes:
    """Return the bytes of the sheet."""
    from xlsxwriter import Workbook  # for the few who ask for one

    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(content, options) as book:
        text = book.add_format({"num_format": "@"})
        bold = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
        people, places = book.add_worksheet(gettext("Daftar ASN")), book.add_worksheet(gettext("Unit kerja"))
        for column, field in enumerate(Field):
            people.set_column(column, column, WIDTHS.get(field, NARROW), text)
            people.write_string(0, column, HEADINGS[field], bold)
        people.freeze_panes(1, 0)
        for row, name in enumerate(units):
            places.write_string(row, 0, name)
        places.set_column(0, 0, WIDTHS[Field.UNIT])
        column = list(Field).index(Field.UNIT)
        if units:
            source = f"='{places.name}'!$A$1:$A${len(units)}"
            people.data_validation(1, column, LAST_ROW, column, {"validate": "list", "source": source})
    return content.getvalue()

"""What columns of a spreadsheet of people are called. Pure; forgiving of case, spaces, marks and habits."""

from enum import StrEnum

from courses.people.importing.cells import Row

FIRST = 20
"""Among so many rows the headings are looked for: tables have titles above them."""


class Field(StrEnum):
    """What a column says of a person. `STATUS` (PNS or PPPK) only confirms what the number says."""

    NIP = "nip"
    NAME = "name"
    EMAIL = "email"
    UNIT = "unit"
    RANK = "rank"
    GRADE = "grade"
    POSITION = "position"
    STATUS = "status"


HEADINGS = {
    Field.NIP: "NIP",
    Field.NAME: "Nama",
    Field.EMAIL: "Email",
    Field.UNIT: "Unit",
    Field.RANK: "Pangkat",
    Field.GRADE: "Golongan",
    Field.POSITION: "Jabatan",
    Field.STATUS: "Jenis",
}
"""How we call them: in the template, and where a file has no such column."""

_ALSO = {
    Field.NIP: ("nip/ni pppk", "nip atau ni pppk", "ni pppk", "nip baru", "nomor induk pegawai"),
    Field.NAME: ("nama lengkap", "nama lengkap dengan gelar", "nama pegawai", "nama asn", "nama dan gelar"),
    Field.EMAIL: ("surel", "surel (email)", "alamat email", "alamat surel"),
    Field.UNIT: ("unit kerja", "nama unit", "opd", "skpd", "perangkat daerah", "unit organisasi"),
    Field.RANK: ("nama pangkat",),
    Field.GRADE: ("gol", "gol. ruang", "golongan ruang"),
    Field.POSITION: ("nama jabatan",),
    Field.STATUS: ("jenis asn", "jenis pegawai", "status pegawai", "status kepegawaian", "pns/pppk"),
}


def field_of(heading: str) -> Field | None:
    """The field under a heading; None for a column that is not read."""
    return _KNOWN.get(_letters(heading))


def headings_in(row: Row) -> int:
    """How many cells of a row are headings we know."""
    return sum(field_of(cell.text) is not None for cell in row.cells)


def _letters(heading: str) -> str:
    return "".join(char for char in heading.casefold() if char.isalpha())


_KNOWN = {_letters(words): field for field in Field for words in (HEADINGS[field], *_ALSO[field])}

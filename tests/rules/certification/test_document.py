"""The page: one content, one document; what people wrote is shown as they wrote it, and nothing is cut."""

import re
import shutil
import subprocess
import unicodedata
from dataclasses import FrozenInstanceError
from decimal import Decimal
from io import BytesIO

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader

from courses.certification.document import (
    AddressInvalid,
    Attachment,
    CertificateContent,
    ContentUnreadable,
    HoursDoNotAddUp,
    ModuleHours,
    TextTooLong,
    not_printable,
    share_hours,
    typeset,
)
from courses.certification.glyphs import shown
from tests.rules.certification.papers import (
    CODE,
    certificate,
    corpus,
    dose,
    judged_by,
    squeezed,
    text_of,
    words_of,
)

PAGE = (841.9, 595.3)
FRAME = (60.0, 35.0, 790.0, 560.0)
LONG_NAME = (
    "Siti Nurhaliza Rahmawati Kusumawardhani Prabowo Sulistyaningrum Hadiningrat "
    "binti Haji Muhammad Syarifuddin, S.H."
).ljust(120, "x")
LONG_TITLE = ("Penguatan kapasitas pengelola keuangan daerah dalam penyusunan anggaran " * 3)[:200].strip()
LONG_POSITION = ("Analis Kebijakan Ahli Madya pada Bidang Pengembangan Kompetensi Aparatur " * 3)[
    :150
].strip()


# ---- one content, one document ----


def test_the_same_content_gives_the_same_bytes(plain):
    assert typeset(certificate()) == plain
    assert typeset(CertificateContent.from_json(certificate().to_json())) == plain
    assert typeset(certificate(name="Lain")) != plain


def test_content_survives_the_register():
    content = certificate(partners=("Universitas Mataram",), name="Nguyễn “Æ” 🌱\n")
    assert CertificateContent.from_json(content.to_json()) == content


def test_content_is_frozen():
    with pytest.raises(FrozenInstanceError):
        certificate().name = "Lain"  # type: ignore[misc]


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "palsu"},
        {"hours": "banyak"},
        {"issued_on": "kemarin"},
        {"modules": [{}]},
        {"modules": 3},
        {"new": 1},
    ],
)
def test_content_in_another_form_is_refused(changed):
    with pytest.raises(ContentUnreadable):
        CertificateContent.from_json(certificate().to_json() | changed)


def test_content_that_lacks_a_field_is_refused():
    data = certificate().to_json()
    del data["number"]
    with pytest.raises(ContentUnreadable):
        CertificateContent.from_json(data)


def test_modules_that_do_not_add_up_are_refused():
    with pytest.raises(HoursDoNotAddUp):
        certificate(hours=Decimal(6))
    with pytest.raises(HoursDoNotAddUp):
        CertificateContent.from_json(certificate().to_json() | {"hours": "6"})


@pytest.mark.parametrize(
    "address", ["", "verify/abc", "javascript:alert(1)//x/y", "https://host", "https://host/verify/"]
)
def test_an_address_that_leads_nowhere_is_refused(address):
    with pytest.raises(AddressInvalid):
        certificate(verify_address=address)


@pytest.mark.parametrize(
    "changed",
    [{"name": "x" * 301}, {"partners": ("x" * 301,)}, {"modules": (ModuleHours("x" * 301, Decimal(5)),)}],
)
def test_a_text_that_no_page_could_hold_is_refused(changed):
    with pytest.raises(TextTooLong):
        certificate(**changed)


@given(
    st.decimals(min_value="0.25", max_value=200, places=2),
    st.lists(st.integers(0, 600), min_size=1, max_size=40),
)
def test_shared_hours_add_up_and_follow_the_minutes(hours, minutes):
    shares = share_hours(hours, minutes)
    assert sum(shares) == hours
    assert len(shares) == len(minutes)
    total = sum(minutes)
    if total:
        for share, weight in zip(shares, minutes, strict=True):
            assert abs(share - hours * weight / total) < Decimal("0.5")


def test_hours_are_shared_in_quarters():
    assert share_hours(Decimal(5), [60, 75, 50, 40]) == tuple(map(Decimal, ("1.25", "1.75", "1", "1")))
    assert share_hours(Decimal(1), [0, 0]) == (Decimal("0.5"), Decimal("0.5"))
    assert share_hours(Decimal(1), []) == ()


# ---- for archives and for everyone ----


def test_it_claims_pdf_a_3a_and_pdf_ua_1(plain):
    assert b"<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in plain
    assert b"<pdfuaid:part>1</pdfuaid:part>" in plain


def test_it_keeps_what_it_claims_as_far_as_its_objects_show(plain):
    reader = PdfFileReader(BytesIO(plain))
    root = reader.root
    assert not reader.encrypted
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]) == "id-ID"
    assert "/StructTreeRoot" in root
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root)
    assert b"/JavaScript" not in plain


def test_its_fonts_travel_with_it(tmp_path):
    pdf = typeset(certificate(name="Nguyễn 🌱 سلام"))
    fonts = judged_by("pdffonts", pdf=pdf, folder=tmp_path).splitlines()[2:]
    assert len(fonts) >= 3
    for line in fonts:
        embedded, subset, unicode_map = line.split()[-5:-2]
        assert (embedded, subset, unicode_map) == ("yes", "yes", "yes"), line


def test_it_is_dated_the_day_of_issue_and_says_no_other_time(plain):
    assert set(re.findall(rb"D:\d{14}Z?", plain)) == {b"D:20261124000000Z"}


def test_it_is_a4_landscape(plain, tmp_path):
    assert "841.89 x 595.276 pts (A4)" in judged_by("pdfinfo", pdf=plain, folder=tmp_path)


def test_a_screen_reader_meets_things_in_reading_order(plain, tmp_path):
    told = judged_by("pdfinfo", "-struct-text", pdf=plain, folder=tmp_path)
    order = [
        "Pemerintah Kota Mataram",
        "800.2.3/00042/BKPSDM/XI/2026",
        'H1 "SERTIFIKAT KELULUSAN"',
        "Baiq Nurul Aini",
        "19870412 201101 2 003",
        "telah mengikuti dan dinyatakan lulus pelatihan",
        "Manajemen pendidikan",
        "5 jam pelajaran (JP)",
        "Kepala BKPSDM Kota Mataram",
        "Drs. H. Lalu Wirajaya",
        "Ditandatangani secara elektronik (tidak tersertifikasi).",
        "Link",
        "Figure",
        'H1 "MATA PELATIHAN"',
        "Table",
        "Mengapa setiap ASN terus belajar",
        "Jumlah",
    ]
    places = [told.find(piece) for piece in order]
    assert -1 not in places
    assert places == sorted(places)


# ---- the words are the words ----


def test_everything_a_reviewer_looks_for_is_on_the_first_page(plain, tmp_path):
    page = text_of(plain, tmp_path, page=1)
    for piece in (
        "Pemerintah Kota Mataram",
        "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
        "800.2.3/00042/BKPSDM/XI/2026",
        "SERTIFIKAT KELULUSAN",
        "Baiq Nurul Aini, S.Pd., M.Pd.",
        "19870412 201101 2 003",
        "Penata Tk. I, III/d",
        "Guru Ahli Muda",
        "Dinas Pendidikan",
        "telah mengikuti dan dinyatakan lulus pelatihan",
        "Manajemen pendidikan dan pengelolaan sumber daya sekolah",
        "sebanyak 5 jam pelajaran (JP), pada 9 sampai 24 November 2026, secara daring melalui Bina.",
        "Mataram, 24 November 2026",
        "Kepala BKPSDM Kota Mataram",
        "Drs. H. Lalu Wirajaya, M.Si.",
        "NIP 19700101 199503 1 001",
        "Ditandatangani secara elektronik (tidak tersertifikasi).",
        f"Kode {CODE}",
    ):
        assert piece in page
    assert "bina.mataramkota.example/verify" in page


def test_the_second_page_lists_the_modules_and_their_sum(plain, tmp_path):
    page = text_of(plain, tmp_path, page=2)
    for piece in (
        "MATA PELATIHAN",
        "800.2.3/00042/BKPSDM/XI/2026",
        "Baiq Nurul Aini, S.Pd., M.Pd.",
        "1 Mengapa setiap ASN terus belajar 1,5",
        "2 Merencanakan pengembangan kompetensi 2,25",
        "3 Mencatat jam pelajaran 1,25",
        "Jumlah 5",
        "Halaman 2 dari 2",
    ):
        assert piece in page


def test_without_modules_there_is_one_page(tmp_path):
    assert pages_of(typeset(certificate(modules=())), tmp_path) == 1


def test_who_is_no_civil_servant_gets_no_empty_captions(tmp_path):
    pdf = typeset(certificate(nip="", rank="", grade="", position="", unit="", signer_nip="", modules=()))
    page = text_of(pdf, tmp_path)
    for caption in ("NIP", "Pangkat", "Golongan", "Jabatan", "Unit kerja"):
        assert caption not in page


HOSTILE = [
    "#strong[x]",
    '#read("/etc/passwd")',
    '#import "@preview/x:1.0.0"',
    "$x^2$ @ref <label> \\ \\u{41}",
    "\"q\" 'x' `c` -- --- ... ~ // c /* x */ *b* _i_ = h",
    "{{ 7*7 }} ${7*7} %s %(x)s {0}",
    '"}, "name": "x',
    "a & b < c > d &amp; <script>alert(1)</script>",
    "(\\) (paren endstream endobj xref",
    "fi fl ffi Th — – “kutip” ‘Aini",
    "Pelatihan 🌱 🎉 ☺",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_a_command_is_shown_as_it_is(text, tmp_path):
    assert_shown_everywhere(text, tmp_path)


def test_injected_templates_are_shown_as_they_are(tmp_path):
    for text in corpus("template_injection"):
        assert_shown_everywhere(text, tmp_path)


def test_names_are_printed_exactly(tmp_path):
    names = corpus("names_accept")
    assert len(names) > 20
    for name in names:
        pdf = typeset(certificate(name=name, modules=()))
        assert unicodedata.normalize("NFC", name) in text_of(pdf, tmp_path)


@pytest.mark.parametrize(
    "name", ["Ḥasan Nguyễn Đặng", "Zoë Æ Ørsted Łukasz Ştefan Žižek", "Ñusta Çelik Íñigo ĀĪŪ"]
)
def test_letters_with_marks_are_printed_exactly(name, tmp_path):
    assert name in text_of(typeset(certificate(name=name, modules=())), tmp_path)


def test_composed_and_decomposed_spellings_print_alike():
    composed, decomposed = "Ḥasan", unicodedata.normalize("NFD", "Ḥasan")
    assert composed != decomposed
    assert typeset(certificate(name=decomposed)) == typeset(certificate(name=composed))


def test_line_breaks_and_runs_of_spaces_become_one_space(tmp_path):
    assert "Budi Utomo bin Amat" in text_of(
        typeset(certificate(name=" Budi\r\n Utomo\tbin \u2028 Amat ")), tmp_path
    )


@pytest.mark.parametrize(
    ("character", "code"),
    [
        ("\0", "‹U+0000›"),
        ("\u202e", "‹U+202E›"),
        ("汉", "‹U+6C49›"),
        ("\ud800", "‹U+D800›"),
        ("\ue000", "‹U+E000›"),
    ],
)
def test_what_no_font_has_is_shown_by_its_code(character, code, tmp_path):
    content = certificate(name=f"Budi{character}Utomo", modules=())
    assert f"Budi{code}Utomo" in text_of(typeset(content), tmp_path)
    assert not_printable(content) == (character,)


def test_nothing_is_amiss_with_usual_certificates():
    assert not_printable(certificate()) == ()


def test_naughty_strings_never_stop_a_certificate():
    for text in corpus("blns"):
        assert typeset(certificate(name=text[:300], modules=())).startswith(b"%PDF-1.7")


@settings(deadline=None, max_examples=dose(quick=50, full=400))
@given(st.text(max_size=60))
def test_no_text_stops_a_certificate(text):
    assert typeset(certificate(name=text, title=text, modules=())).startswith(b"%PDF-1.7")


def test_marks_that_combine_in_no_font_are_shown_by_their_codes():
    assert typeset(certificate(name="U\u200d\u1ab8\u200d 汉\u20d0", modules=())).startswith(b"%PDF-1.7")


# ---- nothing is cut ----

TOO_MUCH = {
    "long words": {
        "name": LONG_NAME,
        "title": LONG_TITLE,
        "position": LONG_POSITION,
        "unit": LONG_POSITION,
        "signer_position": LONG_POSITION,
        "partners": ("Universitas Mataram", LONG_POSITION),
    },
    "no spaces": {"name": "W" * 120, "title": "M" * 200, "position": "Q" * 150, "unit": "W" * 150},
    "everything at its limit": dict.fromkeys(
        ("name", "title", "position", "unit", "rank", "issuer", "signer_position", "provider"), "Wimbo " * 50
    ),
    "a long number": {"number": "800.2.3/00042/" + "BKPSDM-" * 20 + "/XI/2026"},
    "a long host": {"verify_address": "https://" + "a" * 60 + ".example/verify/" + "k" * 64},
}


@pytest.mark.parametrize("changed", TOO_MUCH.values(), ids=TOO_MUCH)
def test_long_texts_stay_on_the_page_and_apart(changed, tmp_path):
    content = certificate(modules=(), **changed)
    pdf = typeset(content)
    words = list(words_of(pdf, tmp_path))
    assert {word.page for word in words} == {1}
    left, top, right, bottom = FRAME
    for word in words:
        assert left <= word.left <= word.right <= right, word
        assert top <= word.top <= word.bottom <= bottom, word
    statement_ends = max(word.bottom for word in words if word.text == "Bina.")
    foot_begins = min(word.top for word in words if word.text.startswith("Mataram,") and word.top > 300)
    assert statement_ends <= foot_begins + 1


@pytest.mark.parametrize("changed", TOO_MUCH.values(), ids=TOO_MUCH)
def test_long_texts_are_printed_whole(changed, tmp_path):
    content = certificate(modules=(), **changed)
    page = squeezed(text_of(typeset(content), tmp_path))
    for name, value in changed.items():
        for text in (value,) if isinstance(value, str) else value:
            assert name == "verify_address" or squeezed(text) in page


def test_forty_modules_run_over_pages(tmp_path):
    modules = tuple(
        ModuleHours(f"{LONG_TITLE[: 30 + n * 37 % 170]} ({n})", Decimal("1.5")) for n in range(1, 41)
    )
    pdf = typeset(certificate(hours=Decimal(60), modules=modules))
    pages = pages_of(pdf, tmp_path)
    assert pages >= 3
    text = text_of(pdf, tmp_path)
    for module in modules:
        assert squeezed(module.title) in squeezed(text)
    for page in range(2, pages + 1):
        printed = text_of(pdf, tmp_path, page=page)
        assert "800.2.3/00042/BKPSDM/XI/2026" in printed
        assert "No. Mata pelatihan JP" in printed
        assert f"Halaman {page} dari {pages}" in printed
    assert "Jumlah 60" in text_of(pdf, tmp_path, page=pages)
    for word in words_of(pdf, tmp_path):
        assert FRAME[0] <= word.left <= word.right <= FRAME[2]
        assert FRAME[1] <= word.top <= word.bottom <= FRAME[3]


# ---- the code and what rides along ----


def test_the_qr_code_is_drawn_as_it_should_be(plain, tmp_path):
    address = certificate().verify_address
    expected = [list(map(bool, row)) for row in segno.make_qr(address, error="m").matrix]
    assert drawn_qr(plain, tmp_path, len(expected)) == expected


def test_the_qr_code_is_a_link_for_who_reads_on_a_screen(plain):
    assert f"/URI({certificate().verify_address})".encode() in plain


def test_files_can_ride_along(plain):
    badge = Attachment("badge.json", b'{"x": 1}\x00\xff', "application/json", "Open Badge")
    pdf = typeset(certificate(), [badge])
    assert pdf != plain
    assert typeset(certificate(), [badge]) == pdf
    spec = PdfFileReader(BytesIO(pdf)).root["/AF"][0]
    assert str(spec["/UF"]) == "badge.json"
    assert spec["/AFRelationship"] == "/Supplement"
    assert spec["/EF"]["/F"].data == badge.content


def pages_of(pdf, folder):
    """How many pages a document has."""
    lines = judged_by("pdfinfo", pdf=pdf, folder=folder).splitlines()
    return int(next(line for line in lines if line.startswith("Pages:")).split()[1])


def assert_shown_everywhere(text, folder):
    """In a name, a title, a position and a module, with glyphs checked and every character in its place."""
    content = certificate(
        name=text[:300], title=text[:300], position=text[:300], modules=(ModuleHours(text[:300], Decimal(5)),)
    )
    expected = squeezed(shown(text[:300]))
    assert squeezed(text_of(typeset(content), folder)).count(expected) >= 6  # the second page repeats two


def drawn_qr(pdf, folder, size):
    """The modules of the QR code as they come out of a renderer, read in the middle of each."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed: nothing to draw with")
    side, left, top = 27 / 25.4 * 300, (297 - 23 - 27) / 25.4 * 300, (210 - 20 - 27) / 25.4 * 300
    image = rendered(pdf, folder)
    step = side / size
    return [
        [image(left + (column + 0.5) * step, top + (row + 0.5) * step) < 128 for column in range(size)]
        for row in range(size)
    ]


def rendered(pdf, folder):
    """The first page at 300 dots an inch: how bright it is at a point."""
    path = folder / "rendered.pdf"
    path.write_bytes(pdf)
    grey = subprocess.run(
        ["pdftoppm", "-r", "300", "-gray", "-f", "1", "-l", "1", str(path)], capture_output=True, check=True
    ).stdout
    head, size, _depth, pixels = grey.split(b"\n", 3)
    width, height = map(int, size.split())
    assert (head, len(pixels)) == (b"P5", width * height)
    return lambda x, y: pixels[int(y) * width + int(x)]

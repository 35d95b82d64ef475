"""The Indonesian on the paper: days, periods, amounts, and nothing said of what a person does not have."""

from datetime import date
from decimal import Decimal

import pytest

from courses.authoring.course import CertificateKind
from courses.certification import wording
from tests.rules.certification.papers import CODE, certificate


@pytest.mark.parametrize(
    ("begun", "completed", "expected"),
    [
        (date(2026, 11, 9), date(2026, 11, 24), "9 sampai 24 November 2026"),
        (date(2026, 11, 24), date(2026, 11, 24), "24 November 2026"),
        (date(2026, 10, 28), date(2026, 11, 3), "28 Oktober sampai 3 November 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 Desember 2026 sampai 3 Januari 2027"),
        (date(2025, 11, 24), date(2026, 11, 24), "24 November 2025 sampai 24 November 2026"),
    ],
)
def test_a_period_says_twice_only_what_differs(begun, completed, expected):
    assert wording.period(begun, completed) == expected


def test_every_month_has_its_name():
    days = [wording.day(date(2026, month, 1)) for month in range(1, 13)]
    assert days[0] == "1 Januari 2026"
    assert days[7] == "1 Agustus 2026"
    assert len(set(days)) == 12


@pytest.mark.parametrize(
    ("hours", "expected"),
    [("5", "5"), ("5.00", "5"), ("0.75", "0,75"), ("1.50", "1,5"), ("20", "20"), ("1250.5", "1.250,5")],
)
def test_hours_are_written_as_indonesians_write_numbers(hours, expected):
    assert wording.amount(Decimal(hours)) == expected


@pytest.mark.parametrize(
    ("nip", "expected"),
    [
        ("198704122011012003", "19870412 201101 2 003"),
        ("19870412 201101 2 003", "19870412 201101 2 003"),
        ("", ""),
        ("tidak ada", "tidak ada"),
        ("19870412201101200", "19870412201101200"),
    ],
)
def test_a_nip_is_printed_in_groups(nip, expected):
    assert wording.nip_in_groups(nip) == expected


def identity(**changed):
    return list(wording.identity(certificate(**changed)))


def test_a_reviewer_finds_number_rank_post_and_office():
    assert identity() == [
        ("NIP", "19870412 201101 2 003"),
        ("Pangkat, golongan", "Penata Tk. I, III/d"),
        ("Jabatan", "Guru Ahli Muda"),
        ("Unit kerja", "Dinas Pendidikan"),
    ]


def test_who_has_no_rank_has_no_caption_for_it():
    assert identity(rank="", grade="IX")[1] == ("Golongan", "IX")
    assert identity(rank="Penata", grade="")[1] == ("Pangkat", "Penata")
    assert [name for name, _ in identity(rank="", grade="", nip="")] == ["Jabatan", "Unit kerja"]
    assert identity(rank=" ", grade="", nip="", position="", unit="") == []


def test_the_two_kinds_of_paper_say_different_things():
    passed = wording.words(certificate())
    attended = wording.words(certificate(kind=CertificateKind.ATTENDED))
    assert (passed["heading"], attended["heading"]) == ("SERTIFIKAT KELULUSAN", "SERTIFIKAT KEIKUTSERTAAN")
    assert "lulus" in passed["achievement"]
    assert "lulus" not in " ".join(attended.values()).lower()


def test_the_hours_stand_in_one_sentence_with_the_days():
    words = wording.words(certificate())
    assert words["hours_before"] + words["hours"] + words["hours_after"] == (
        "sebanyak 5 jam pelajaran (JP), pada 9 sampai 24 November 2026, secara daring melalui Bina."
    )


def test_it_says_how_to_check_it():
    words = wording.words(certificate())
    assert words["how_to_check"] == (
        "Periksa keasliannya dengan memindai kode, atau unggah berkas ini di bina.mataramkota.example/verify."
    )
    assert words["code_line"] == f"Kode {CODE}"


@pytest.mark.parametrize(
    ("provider", "partners", "expected"),
    [
        ("", (), ""),
        ("BKPSDM", (), "Diselenggarakan oleh BKPSDM."),
        ("BKPSDM", ("Unram",), "Diselenggarakan oleh BKPSDM bersama Unram."),
        ("", ("Unram", "LAN"), "Diselenggarakan bersama Unram dan LAN."),
        ("BKPSDM", ("A", "B", "C"), "Diselenggarakan oleh BKPSDM bersama A, B, dan C."),
    ],
)
def test_partners_are_named_in_a_sentence(provider, partners, expected):
    assert wording.words(certificate(provider=provider, partners=partners))["organised"] == expected

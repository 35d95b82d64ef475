"""What nobody should choose as a password, and what anybody may."""

import pytest

from courses.people.passwords import WeakPassword, check_chosen

ABOUT = ("Baiq Nurul Aini, S.Pd.", "198704122011012003", "nurul@example.id")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("pendek", "short"),
        ("x" * 201, "long"),
        ("198704122011012003", "yourself"),
        ("baiq nurul aini s.pd", "yourself"),
        ("password123", "guessed"),
        ("1234567890", "guessed"),
        ("qwertyuiop", "guessed"),
        ("aaaaaaaaaaaa", "guessed"),
        ("Indonesia1945", "guessed"),
        ("rahasia123", "guessed"),
        ("bkpsdm2026", "guessed"),
        ("Mataram2026", "guessed"),
        ("nurulaini1", "guessed"),
    ],
)
def test_what_others_guess_is_refused_with_its_reason(password, reason):
    with pytest.raises(WeakPassword) as refusal:
        check_chosen(password, *ABOUT)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    "password",
    [
        "belajar-bersama",
        "kucing makan ikan asin",
        "pulang pergi naik motor",
        "hujan di bulan juni 1989 dan aku",
        "ᬩᬮᬶ ᬦᬸᬲ ᬢᬗ᭄ᬕᬭ",
        "correct horse battery staple " * 6,
        "        tepi        ",
    ],
)
def test_any_characters_and_no_rule_about_their_kinds(password):
    check_chosen(password, *ABOUT)


def test_nothing_need_be_known_of_a_person():
    check_chosen("kucing makan ikan asin")
    check_chosen("kucing makan ikan asin", "", "")

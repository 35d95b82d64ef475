"""Names that are names, and those that only look like some."""

import unicodedata

import pytest

from courses.people.names import BadName, clean_name
from tests.corpora import corpus


def test_every_good_name_of_the_corpus_stays_as_it_is():
    for name in corpus("names_accept"):
        assert clean_name(name) == unicodedata.normalize("NFC", name)


def test_every_bad_name_of_the_corpus_is_refused():
    accepted = []
    for name in corpus("names_reject"):
        try:
            accepted.append(clean_name(name))
        except BadName:
            continue
    assert accepted == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "missing"),
        ("  ", "missing"),
        ("A" * 121, "long"),
        ("Bu\x00di", "signs"),
        ("Budi\u202e", "signs"),
        ("\u0430dmin", "signs"),
        ("=1+1", "signs"),
        ("-Budi", "signs"),
        ("Admin", "reserved"),
        ("N.a.N", "reserved"),
    ],
)
def test_the_reason_is_said(name, reason):
    with pytest.raises(BadName) as refused:
        clean_name(name)
    assert refused.value.reason == reason


def test_spaces_between_words_are_single():
    assert clean_name("  Siti   Aminah ") == "Siti Aminah"

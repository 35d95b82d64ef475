"""Two people, one text: nothing that somebody wrote is lost, and what does not touch is put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.drafting import merging
from courses.drafting.merging import Names, has_marks, merge

BASE = "satu\ndua\ntiga\nempat\nlima\n"
TEXTS = st.lists(st.sampled_from(["a", "b", "c", "d", ""]), max_size=12).map("\n".join)


@pytest.mark.parametrize(
    ("mine", "theirs", "together"),
    [
        (BASE, BASE, BASE),
        (BASE.replace("satu", "SATU"), BASE, BASE.replace("satu", "SATU")),
        (BASE, BASE.replace("lima", "LIMA"), BASE.replace("lima", "LIMA")),
        (
            BASE.replace("satu", "SATU"),
            BASE.replace("lima", "LIMA"),
            BASE.replace("satu", "SATU").replace("lima", "LIMA"),
        ),
        (BASE.replace("dua\n", ""), BASE + "enam\n", BASE.replace("dua\n", "") + "enam\n"),
        ("nol\n" + BASE, BASE.replace("tiga", "3"), "nol\n" + BASE.replace("tiga", "3")),
        (BASE.replace("dua", "2"), BASE.replace("dua", "2"), BASE.replace("dua", "2")),
    ],
)
def test_changes_that_do_not_touch_are_put_together(mine, theirs, together):
    assert merge(BASE, mine, theirs) == merging.Merged(together, 0)
    assert merge(BASE, theirs, mine) == merging.Merged(together, 0)


def test_changes_of_one_place_stand_side_by_side():
    mine, theirs = BASE.replace("tiga", "punyaku"), BASE.replace("tiga", "punyamu")
    found = merge(BASE, mine, theirs, Names("Anda", "Rizal"))
    assert found.conflicts == 1
    assert found.text == ("satu\ndua\n<<<<<<< Anda\npunyaku\n=======\npunyamu\n>>>>>>> Rizal\nempat\nlima\n")
    assert has_marks(found.text)
    assert not has_marks(BASE)


def test_one_takes_away_what_the_other_changes():
    found = merge(BASE, BASE.replace("tiga\n", ""), BASE.replace("tiga", "3"))
    assert found.conflicts == 1
    assert "3" in found.text


@given(TEXTS, TEXTS, TEXTS)
def test_no_line_that_somebody_wrote_is_lost(base, mine, theirs):
    """A line that is there more often than in the base was written: it is still there as often."""
    found = merge(base, mine, theirs).text.split("\n")
    for text in (mine, theirs):
        written = [line for line in text.split("\n") if line not in base.split("\n")]
        assert all(line in found for line in written)


@given(TEXTS, TEXTS)
def test_who_changed_nothing_gets_the_others_text(base, other):
    assert merge(base, base, other) == merging.Merged(other, 0)
    assert merge(base, other, base) == merging.Merged(other, 0)
    assert merge(base, other, other) == merging.Merged(other, 0)


def test_a_text_that_asks_for_too_many_comparisons_is_one_place(monkeypatch):
    monkeypatch.setattr(merging, "MOST_PAIRS", 3)
    mine, theirs = BASE.replace("dua", "2").replace("empat", "4"), BASE.replace("tiga", "3")
    assert merge(BASE, mine, theirs).conflicts == 1
    monkeypatch.undo()
    assert merge("a\nb\n" * 20_000, "b\na\n" * 20_000, "c\n" * 20_000).conflicts == 1

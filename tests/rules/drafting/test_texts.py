"""What nobody touched keeps its bytes, however a browser sends it back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.drafting.texts import kept, shown


def sent(text: str) -> str:
    """A text as a browser posts it."""
    return text.replace("\n", "\r\n")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a",
        b"a\n",
        b"a\r\nb\r\n",
        b"a\nb\r\nc\rd",
        b"\xef\xbb\xbfa\n",
        b"\xef\xbb\xbf\r\n",
        "é\n".encode(),
    ],
)
def test_untouched_bytes_come_back(content):
    text = shown(content)
    assert text is not None
    assert kept(sent(text), content) == content


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_any_text_comes_back(text):
    content = text.encode()
    assert kept(sent(shown(content) or ""), content) == content


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (b"a\nb\n", "a\nc\n", b"a\nc\n"),
        (b"a\r\nb\r\n", "a\nc\n", b"a\r\nc\r\n"),
        (b"\xef\xbb\xbfa\n", "b\n", b"\xef\xbb\xbfb\n"),
        (b"", "a\nb", b"a\nb"),
    ],
)
def test_a_change_is_written_in_the_manner_of_the_file(before, text, after):
    assert kept(sent(text), before) == after


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a\x00b", "é".encode("latin-1")])
def test_what_is_no_text_is_not_edited(content):
    assert shown(content) is None

"""Bytes and the text of them that a browser edits: what nobody touched keeps its bytes.

A browser knows one line end and sends it as CRLF, and a byte order mark is no letter to it. Both are put
aside for showing and put back as the file had them.
"""

import re

MARK = b"\xef\xbb\xbf"
_LINE_END = re.compile("\r\n?")


def shown(content: bytes) -> str | None:
    """The text of a file as it is edited, with LF line ends; None where it is no UTF-8 text."""
    try:
        text = content.removeprefix(MARK).decode()
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else plain(text)


def plain(text: str) -> str:
    """A text with LF line ends."""
    return _LINE_END.sub("\n", text)


def kept(text: str, before: bytes = b"") -> bytes:
    """The bytes of an edited text: those it had before, if it says the same; else in the manner of those."""
    text = plain(text)
    if text == shown(before):
        return before
    if before.count(b"\r\n") * 2 > before.count(b"\n"):
        text = text.replace("\n", "\r\n")
    return (MARK if before.startswith(MARK) else b"") + text.encode()

"""What the certificate's fonts can show: every text as it is; what no font has, by its code.

PDF/A refuses a document with a missing glyph, and a certificate must never fail, or silently lack a letter,
because of what someone typed into a name.
"""

import unicodedata
from collections.abc import Iterable
from datetime import date

from courses.certification.typesetting import NotTypeset, set_pages

# All of these are in the main font (a test typesets them); they need no trial.
_LATIN = ((0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x24F), (0x1E00, 0x1EFF), (0x2010, 0x2027))
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")
_ANY_DAY = date(2026, 1, 1)

_tried: dict[str, bool] = {}


def shown(text: str) -> str:
    """Return a text as it will be printed: one line, composed, a code such as ‹U+0000› for what is left."""
    line = _on_one_line(text)
    _try(set(line))
    return "".join(one if _tried[one] else _code(one) for one in line)


def shown_plainly(text: str) -> str:
    """Return a text as `shown`, with a code for everything but Latin letters: this can always be typeset."""
    return "".join(one if _is_latin(one) else _code(one) for one in _on_one_line(text))


def missing(text: str) -> tuple[str, ...]:
    """Return the characters of a text that can only be shown by their code, in order."""
    line = _on_one_line(text)
    _try(set(line))
    return tuple(dict.fromkeys(one for one in line if not _tried[one]))


def _on_one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _code(character: str) -> str:
    return f"‹U+{ord(character):04X}›"


def _try(characters: Iterable[str]) -> None:
    """Find out about each character once, for as long as the process lives."""
    unsure = [one for one in characters if one not in _tried]
    for one in unsure:
        if _is_latin(one) or one in _JOINERS:
            _tried[one] = True
        elif unicodedata.category(one).startswith("C"):
            _tried[one] = False  # control and direction marks would show nothing, or something else
    _halve(sorted(one for one in unsure if one not in _tried))


def _halve(characters: list[str]) -> None:
    """Try many at once; only where that fails, each half."""
    if not characters:
        return
    if _can_show(" ".join(characters)):
        _tried.update(dict.fromkeys(characters, True))
    elif len(characters) == 1:
        _tried[characters[0]] = False
    else:
        middle = len(characters) // 2
        _halve(characters[:middle])
        _halve(characters[middle:])


def _can_show(text: str) -> bool:
    try:
        set_pages("trial", {"text": text}, _ANY_DAY)
    except NotTypeset:
        return False
    return True


def _is_latin(character: str) -> bool:
    return any(low <= ord(character) <= high for low, high in _LATIN)

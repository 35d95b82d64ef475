"""What the certificate's fonts can show: every string as it is; what no font has, by its code.

PDF/A refuses a document with a missing glyph, and a certificate must never fail, or silently lack a letter,
because of what someone typed into a name.
"""

import unicodedata
from collections.abc import Callable, Iterable

# All of these are in the main font (a test typesets them); they need no trial.
_LATIN = ((0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x24F), (0x1E00, 0x1EFF), (0x2010, 0x2027))
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")


class Glyphs:
    """Knows which characters can be shown, by trying each once."""

    def __init__(self, can_show: Callable[[str], bool]) -> None:
        """Take the trial: whether a text can be typeset whole."""
        self._can_show = can_show
        self._tried: dict[str, bool] = {}

    def shown(self, text: str) -> str:
        """Return a text as it will be printed: one line, composed, a code such as ‹U+0000› for what is left."""
        line = " ".join(unicodedata.normalize("NFC", text).split())
        self._try(set(line))
        return "".join(one if self._tried[one] else f"‹U+{ord(one):04X}›" for one in line)

    def missing(self, text: str) -> tuple[str, ...]:
        """Return the characters that can only be shown by their code, in order: for a warning beforehand."""
        line = unicodedata.normalize("NFC", "".join(text.split()))
        self._try(set(line))
        return tuple(dict.fromkeys(character for character in line if not self._tried[character]))

    def _try(self, characters: Iterable[str]) -> None:
        unsure = [one for one in characters if one not in self._tried]
        for one in unsure:
            if _is_latin(one) or one in _JOINERS:
                self._tried[one] = True
            elif unicodedata.category(one).startswith("C"):
                self._tried[one] = False  # control and direction marks would show nothing, or something else
        self._halve(sorted(one for one in unsure if one not in self._tried))

    def _halve(self, characters: list[str]) -> None:
        """Try many at once; only where that fails, each half."""
        if not characters:
            return
        if self._can_show(" ".join(characters)):
            self._tried.update(dict.fromkeys(characters, True))
        elif len(characters) == 1:
            self._tried[characters[0]] = False
        else:
            middle = len(characters) // 2
            self._halve(characters[:middle])
            self._halve(characters[middle:])


def _is_latin(character: str) -> bool:
    return any(low <= ord(character) <= high for low, high in _LATIN)

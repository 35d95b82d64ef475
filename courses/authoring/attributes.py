r"""The attribute list that may end a heading: `## Which one? {#id key=value}`.

Braces are such a list only at the very end and when they hold a `#` or a `=`; `{50%}` is text, and so is
`\{#x}`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from courses.authoring.blocks import Block
from courses.authoring.course import Prose
from courses.authoring.fields import LONGEST_ID, is_id
from courses.authoring.inlines import Places
from courses.authoring.matter import closest_first
from courses.authoring.sheet import Sheet

_PART = re.compile(
    r'#(?P<id>\S*)|(?P<key>[A-Za-z][\w-]*)=(?:"(?P<quoted>[^"]*)"|(?P<value>\S*))|(?P<other>\S+)'
)
_POINTS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,2})?")
_TYPES = ("order", "scale")
_KNOWN = ["#id", "points", "type"]
_MOST_POINTS = 1000


@dataclass(frozen=True, slots=True)
class Attribute:
    """One part of the list and where it begins in the heading's text.

    `#x` has the key `#id`; what can't be read has none.
    """

    key: str
    value: str
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """What the heading of a question says. An empty `id` was found to be wrong; `type` may be empty."""

    words: Prose
    id: str
    points: Fraction
    type: str


def read_head(sheet: Sheet, heading: Block) -> Head:
    """Return what a heading says, and find what is wrong with its words and attributes."""
    words, parts = divided(heading.text)
    given: dict[str, Attribute] = {}
    reader = _Reader(sheet, heading)
    for part in parts:
        reader.check(part, given)
    if not words:
        sheet.add_at("question-empty", heading)
    if "#id" not in given:
        sheet.add_at("question-id-missing", heading, mend=_id_from(words))
    points = given.get("points")
    return Head(
        Prose(words, reader.place(0)),
        reader.id(given.get("#id")),
        reader.points(points) if points else Fraction(1),
        reader.type(given.get("type")),
    )


def divided(text: str) -> tuple[str, list[Attribute]]:
    """Divide the text of a heading into its words and the attributes behind them."""
    text = text.rstrip()
    at = text.rfind("{")
    inside = text[at + 1 : -1]
    if not text.endswith("}") or at < 0 or text[at - 1 : at] == "\\" or not set(inside) & {"#", "="}:
        return text, []
    return text[:at].rstrip(), list(_parts(inside, at + 1))


def _parts(inside: str, offset: int) -> Iterator[Attribute]:
    for part in _PART.finditer(inside):
        value = part["quoted"] if part["quoted"] is not None else part["value"] or ""
        key = "#id" if part["id"] is not None else part["key"] or ""
        yield Attribute(key, part["id"] or value, offset + part.start(), part[0])


class _Reader:
    def __init__(self, sheet: Sheet, heading: Block) -> None:
        self._found = sheet.found
        self._places = Places(sheet.page, heading.inlines[0])
        self.place = self._places.place

    def check(self, part: Attribute, given: dict[str, Attribute]) -> None:
        """Keep an attribute that is known and new."""
        place = self.place(part.at)
        if not part.key:
            self._found.add("bad-attribute", place, text=part.text)
        elif part.key not in _KNOWN:
            self._found.add("unknown-attribute", place, key=part.key, known=closest_first(part.key, _KNOWN))
        elif part.key in given:
            self._found.add("attribute-twice", place, key=part.key)
        else:
            given[part.key] = part

    def id(self, part: Attribute | None) -> str:
        if part and not is_id(part.value):
            self._found.add("bad-id", self.place(part.at), value=part.value)
        return part.value if part and is_id(part.value) else ""

    def points(self, part: Attribute) -> Fraction:
        place = self.place(part.at)
        if not _POINTS.fullmatch(part.value):
            self._found.add("bad-number", place, key="points", value=part.value, example="2")
            return Fraction(1)
        points = Fraction(part.value)
        if not 0 < points <= _MOST_POINTS:
            self._found.add(
                "out-of-range", place, key="points", low="0.01", high=_MOST_POINTS, value=part.value
            )
        return points

    def type(self, part: Attribute | None) -> str:
        if part and part.value not in _TYPES:
            place = self.place(part.at)
            self._found.add("bad-word", place, key="type", allowed=", ".join(_TYPES), value=part.value)
        return part.value if part and part.value in _TYPES else ""


def _id_from(words: str) -> str:
    """Make an id that says what the question says, for the author to take."""
    plain = unicodedata.normalize("NFKD", words[:200]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST_ID // 2].strip("-") or "soal"

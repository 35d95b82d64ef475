"""The keys at the head of a file: YAML 1.2 read event by event, so that all keeps its place and stays text.

Nothing is guessed here: `no`, `12:30`, `01` and `2026-12-01` are the text that the author wrote until
`fields` reads them. Anchors, aliases, tags and merge keys are refused, so nothing can grow (alias bombs).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StreamMark, YAMLError
from ruamel.yaml.events import (
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from courses.authoring.course import Place
from courses.authoring.findings import Findings
from courses.authoring.manuscript import Manuscript

LONGEST = 32_000
"""Characters of front matter."""

_DEEPEST = 3
_KEY = re.compile(r"\w+(?=:)")
# What no file may hold as it is, an escape in a quoted value could still bring in.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NOTHING = frozenset({"", "~", "null"})

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"
Loc = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """What the keys say, and where: `places` of values and `keys` of their names, by pydantic's `loc`."""

    values: dict[str, Value] = field(default_factory=dict)
    places: dict[Loc, Place] = field(default_factory=dict)
    keys: dict[Loc, Place] = field(default_factory=dict)

    def place(self, *loc: int | str) -> Place:
        """Return where a value stands; where it isn't there, the place of what it would stand in."""
        while loc not in self.places:
            loc = loc[:-1]
        return self.places[loc]


class _Unreadable(Exception):
    """The YAML stops making sense here: nothing after it is read."""

    def __init__(self, code: str, place: Place, **facts: object) -> None:
        super().__init__(code)
        self.code, self.place, self.facts = code, place, facts


def read_front(page: Manuscript, found: Findings) -> Front | None:
    """Return the keys of a file, or None when they can't be read: then one problem was added."""
    text = "\n".join(page.lines[1 : page.front])
    if page.body == 0:
        return None
    if len(text) > LONGEST:
        found.add("front-matter-too-large", page.place(0), length=len(text), limit=LONGEST)
        return None
    try:
        return _Reader(page, found).read(text)
    except _Unreadable as reason:
        found.add(reason.code, reason.place, **reason.facts)
        return None


class _Reader:
    def __init__(self, page: Manuscript, found: Findings) -> None:
        self._page = page
        self._found = found
        self._front = Front(places={(): page.place(0)})
        self._spread: tuple[Place, int] | None = None  # the last quoted value of several lines, and its end

    def read(self, text: str) -> Front:
        events = self._events(text)
        first = next(events, None)
        if isinstance(first, MappingStartEvent):
            self._front.values.update(self._mapping(events, ()))
            first = next(events, None)
        if first is not None:
            raise _Unreadable("yaml-not-mapping", self._place(first.start_mark))
        return self._front

    def _events(self, text: str) -> Iterator[Event]:
        """Give the events that make values; what can't be scanned ends them with one problem."""
        try:
            for event in YAML(typ="safe", pure=True).parse(text):
                if isinstance(event, NodeEvent):
                    self._refuse_special(event)
                    yield event
                elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                    yield event
        except MarkedYAMLError as error:
            raise _Unreadable("yaml", self._place_of_error(error), reason=str(error.problem)) from None
        except YAMLError as error:
            raise _Unreadable("yaml", self._page.place(0), reason=str(error).partition("\n")[0]) from None

    def _refuse_special(self, event: Any) -> None:
        tagged = getattr(event, "tag", None) is not None
        if event.anchor is not None or tagged or (_text(event) == "<<" and event.style is None):
            raise _Unreadable("yaml-feature", self._place(event.start_mark))
        if hidden := _NO_TEXT.search(_text(event)):
            character = f"U+{ord(hidden[0]):04X}"
            raise _Unreadable("control-character", self._place(event.start_mark), character=character)

    def _mapping(self, events: Iterator[Event], loc: Loc) -> dict[str, Value]:
        values: dict[str, Value] = {}
        while not isinstance(event := next(events), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                raise _Unreadable("yaml-not-mapping", self._place(event.start_mark))
            key, place = event.value, self._place(event.start_mark)
            if key in values:
                self._found.add("key-twice", place, key=key)
            self._front.keys[(*loc, key)] = place
            values[key] = self._value(next(events), events, (*loc, key))
        return values

    def _list(self, events: Iterator[Event], loc: Loc) -> list[Value]:
        values: list[Value] = []
        while not isinstance(event := next(events), SequenceEndEvent):
            values.append(self._value(event, events, (*loc, len(values))))
        return values

    def _value(self, event: Any, events: Iterator[Event], loc: Loc) -> Value:
        place = self._front.places[loc] = self._place(event.start_mark)
        if isinstance(event, ScalarEvent):
            return self._scalar(event, place)
        if len(loc) > _DEEPEST:
            raise _Unreadable("yaml-too-deep", place)
        return self._mapping(events, loc) if isinstance(event, MappingStartEvent) else self._list(events, loc)

    def _scalar(self, event: Any, place: Place) -> str | None:
        text: str = event.value
        if event.style in ("'", '"') and event.end_mark.line > event.start_mark.line:
            self._spread = (place, event.end_mark.line)
        if event.style is None and text.count('"') % 2:
            self._found.add("yaml-stray-quote", place)
        return None if event.style is None and text in _NOTHING else text

    def _place(self, mark: StreamMark) -> Place:
        return self._page.place(mark.line + 1, mark.column)

    def _place_of_error(self, error: MarkedYAMLError) -> Place:
        """A quote or bracket that isn't closed is blamed where it opens, not where the file ends."""
        if self._spread and self._spread[1] == error.problem_mark.line:
            return self._spread[0]
        if error.context_mark and str(error.context).startswith(("while scanning", "while parsing a flow")):
            return self._place(error.context_mark)
        if self._is_first_colon(error.problem_mark):
            return self._page.place(error.problem_mark.line)
        return self._place(error.problem_mark)

    def _is_first_colon(self, mark: StreamMark) -> bool:
        """A good line can't be read because the one before it lacks its colon."""
        key = _KEY.match(self._page.lines[mark.line + 1]) if mark.line + 1 < self._page.front else None
        return key is not None and key.end() == mark.column


def _text(event: Any) -> str:
    return event.value if isinstance(event, ScalarEvent) else ""

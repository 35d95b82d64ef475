"""Charges Python-Markdown for its work where that work can outgrow the text: no loop in it goes uncounted.

Everything here wraps a public method of a processor and spends effort for what the call went through. It
must be the last extension that is registered, since it wraps the processors of all others.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension

from courses.authoring.limits import DEEPEST, Effort, Reason, TextRefused

_BLOCK = 60
_MATCH = 25
_CELL = 40
_RUNS = re.compile(r"\*{10,}|_{10,}")
_TICKS = re.compile("`+")


def charge_runs(text: str, effort: Effort) -> None:
    """Charge for long runs of `*` and `_`: they are read again from each sign, and nest as deep as long."""
    for run in _RUNS.finditer(text):
        effort.spend(len(run[0]) ** 2 // 10)


class Metering(Extension):
    """Meters the block parser, the inline patterns, lists and tables of a Markdown instance."""

    def __init__(self, effort: Effort) -> None:
        super().__init__()
        self._effort = effort

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        """Wrap what is registered so far."""
        self._toll = _Toll(md.parser, self._effort)
        md.parser.blockprocessors.register(self._toll, "toll", 1000)
        md.registerExtension(self)
        for name in ("olist", "ulist"):
            if name in md.parser.blockprocessors:
                self._meter(md.parser.blockprocessors[name], "get_items", _items_cost)
        for pattern in md.inlinePatterns:
            pattern.compiled_re = _MeteredPattern(pattern.compiled_re, self._effort)  # type: ignore[assignment]
            for method, cost in _INLINE_COSTS.items():
                if hasattr(pattern, method):
                    self._meter(pattern, method, cost)

    def reset(self) -> None:
        """Begin a text."""
        self._toll.begin()

    def _meter(self, processor: object, method: str, cost: Callable[..., int]) -> None:
        call = getattr(processor, method)

        def metered(*args: Any) -> Any:
            result = call(*args)
            self._effort.spend(cost(processor, result, *args))
            return result

        setattr(processor, method, metered)


class _Toll(BlockProcessor):
    """Looks at every block first, charges for it, and takes none."""

    def __init__(self, parser: BlockParser, effort: Effort) -> None:
        super().__init__(parser)
        self._effort = effort
        self._seen = 0

    def begin(self) -> None:
        """Begin to count anew."""
        self._seen = 0

    def test(self, parent: Element, block: str) -> bool:
        """Charge for a block: each is read by a dozen processors, and taking it moves those behind it."""
        self._seen += 1
        self._effort.spend(_BLOCK + len(block) // 2 + self._seen // 100)
        if len(self.parser.state) > DEEPEST:
            raise TextRefused(Reason.DEPTH)
        return False


class _MeteredPattern:
    """A compiled pattern that charges for the text it is tried on, and for what it finds."""

    def __init__(self, pattern: "re.Pattern[str]", effort: Effort) -> None:
        self._pattern = pattern
        self._effort = effort

    def finditer(self, text: str, start: int) -> Iterator["re.Match[str]"]:
        """Find as the pattern does; the text is copied once for every match, hence its whole length."""
        self._effort.spend(1 + len(text) // 250)
        for match in self._pattern.finditer(text, start):
            self._effort.spend(_MATCH)
            yield match


def _text_cost(_: object, result: tuple[str, int, bool], text: str, start: int) -> int:
    return result[1] - start


def _link_cost(_: object, result: tuple[str, str | None, int, bool], text: str, start: int) -> int:
    return result[2] - start


def _code_cost(_: object, result: tuple[int, int | None], start: int, text: str) -> int:
    ticks = _TICKS.match(text, start)
    if result[1] is None or ticks is None or ticks.end() != result[0]:
        return len(text) - start  # no run of the same length: read to the end
    return result[1] - start


def _search_cost(processor: Any, result: "re.Match[str] | None", text: str, start: int) -> int:
    waiting = sum(len(delimiter.stack) for delimiter in processor.delimiters.values())
    end: int = result.start() if result else len(text)
    return end - start + int(waiting)


def _items_cost(_: object, result: list[str], block: str) -> int:
    lines = block.count("\n") + 1
    return len(result) + (lines - len(result)) * len(block) // 1000


def _tag_cost(_: object, result: Element, address: str, title: str | None, text: str) -> int:
    return (len(address) + len(title or "")) // 4  # a definition is copied to every place that refers to it


_INLINE_COSTS: dict[str, Callable[..., int]] = {
    "getText": _text_cost,
    "getLink": _link_cost,
    "find_code_spans": _code_cost,
    "makeTag": _tag_cost,
    "search": _search_cost,
}

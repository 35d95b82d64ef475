"""Fenced code, coloured by Pygments with class names only: languages people teach, in sizes people read.

A fence names its language and nothing else; what stands behind the language is passed over. Superfences' own
patterns for the line of a fence try every way to read it (30 options take minutes), so that ours take their
place.
"""

import re
from functools import lru_cache
from html import escape
from typing import Any

from markdown import Markdown
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pymdownx import superfences
from pymdownx.superfences import SuperFencesCodeExtension

_FENCE = 20
"""Characters that a coloured fence costs by itself, with nothing in it."""

_MOST_COLOURED = 12_000
"""Characters of one text that are coloured; the code behind them stays plain, as every colour costs a tag."""
_LANGUAGES = frozenset(
    {
        "bash", "c", "console", "cpp", "cs", "css", "diff", "go", "html", "ini", "java", "javascript", "js",
        "json", "kotlin", "php", "powershell", "py", "python", "r", "rust", "sh", "sql", "toml", "typescript",
        "xml", "yaml",
    }
)  # fmt: skip
_SPACE = re.compile(r'<span class="w">(\s+)</span>')
_FORMATTER: "HtmlFormatter[str]" = HtmlFormatter(nowrap=True)


superfences.RE_NESTED_FENCE_START = re.compile(
    r"(?P<fence>~{3,}+|`{3,}+(?=[^`]*$))[ \t]*+\{?[ \t]*+\.?(?P<lang>[\w#+-]{1,30}+)?.*$"
    r"(?P<attrs>(?!))?(?P<options>(?!))?(?P<unrecognized>(?!))?"
)
superfences.NESTED_FENCE_END = r"%s[`~]*[ \t]*$"  # an end may be longer than the beginning


class CodeBlocks(SuperFencesCodeExtension):  # type: ignore[misc]
    """Superfences (fences in quotes and lists) with our formatter, without its options."""

    def __init__(self) -> None:
        super().__init__()
        self._coloured = 0

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        """Register, and put our formatter in the place of the default one."""
        super().extendMarkdown(md)
        self.superfences[0].update(formatter=self._format, validator=lambda *_: True)
        fences = md.preprocessors["fenced_code_block"]
        fences.reassemble = lambda lines: _reassembled(fences.stack, lines)  # type: ignore[attr-defined]

    def reset(self) -> None:
        """Begin a text."""
        super().reset()
        self._coloured = 0

    def _format(self, *, src: str, language: str | None, **_: object) -> str:
        size = len(src) + _FENCE
        lexer = _lexer((language or "").lower()) if self._coloured + size <= _MOST_COLOURED else None
        code = escape(src, quote=False)
        if lexer:
            self._coloured += size
            code = _SPACE.sub(r"\1", highlight(src, lexer, _FORMATTER))
        return f'<div class="highlight"><pre><code>{code.rstrip()}\n</code></pre></div>'


def _reassembled(found: list[tuple[str, int, int]], lines: list[str]) -> list[str]:
    """Put the placeholder of every fence in its place, in one walk; superfences copies all lines for each."""
    whole: list[str] = []
    position = 0
    for placeholder, start, end in found:
        whole += [*lines[position:start], placeholder]
        position = end
    found.clear()
    return whole + lines[position:]


@lru_cache
def _lexer(language: str) -> Lexer | None:
    options: dict[str, Any] = {"stripnl": False, "ensurenl": False}
    return get_lexer_by_name(language, **options) if language in _LANGUAGES else None

"""Markdown to HTML, uncleaned: Python-Markdown with our habits, metered. It runs in the child process only.

Structure follows CommonMark where the two would differ and it costs little: HTML blocks end at a blank line,
a list may stand right under a paragraph, a heading needs its space, a backslash escapes any punctuation.
"""

import re
import string

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.inlinepatterns import SubstituteTagInlineProcessor
from markdown.postprocessors import Postprocessor
from pymdownx.quotes import QuotesExtension
from pymdownx.tasklist import TasklistExtension

from courses.authoring.dressing import Dressing
from courses.authoring.limits import Effort, Reason, TextRefused, refusing
from courses.authoring.markdown_blocks import Blocks
from courses.authoring.markdown_code import CodeBlocks
from courses.authoring.metering import Metering, charge_runs
from courses.authoring.nesting import refuse_tangled
from courses.authoring.pieces import Mode, Piece

_EXPANSION = 25
_LONGEST_HTML = 1_000_000
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Converter:
    """Converts pieces one after another, each as if it were the first. Not for two threads at once."""

    def __init__(self) -> None:
        self._effort = Effort()
        self._dressing = Dressing()
        self._ready: dict[Mode, Markdown] = {}

    def convert(self, piece: Piece) -> str:
        """Return the HTML of a piece, not yet cleaned.

        Raises:
            TextRefused: the piece asks for more than one text may.
        """
        self._effort.allow(len(piece.text))
        charge_runs(piece.text, self._effort)
        self._dressing.piece = piece
        markdown = self._ready.pop(piece.mode, None) or self._made(piece.mode)
        with refusing():
            html = markdown.reset().convert(_lines(piece))
        self._effort.spend(0)  # refuse even where an extension swallowed the refusal
        self._ready[piece.mode] = markdown  # only now: a refusal leaves a parser in the middle of things
        if len(html) > min(_LONGEST_HTML, _EXPANSION * len(piece.text) + 10_000):
            raise TextRefused(Reason.TANGLE)
        refuse_tangled(html, len(piece.text))
        return html.removeprefix("<p>").removesuffix("</p>") if piece.mode is Mode.LINE else html

    def _made(self, mode: Mode) -> Markdown:
        habits: list[Extension] = [_Habits(), self._dressing, Metering(self._effort)]
        if mode is Mode.LINE:
            return _without_blocks(Markdown(extensions=habits, output_format="html"))
        extensions: list[Extension] = [
            DefListExtension(),
            SaneListExtension(),
            CodeBlocks(),
            QuotesExtension(callouts=True),
            TasklistExtension(),
            Blocks(self._effort),
        ]
        return Markdown(extensions=extensions + habits, output_format="html")


def _lines(piece: Piece) -> str:
    text = _NOT_TEXT.sub("\ufffd", piece.text)
    return " ".join(text.split()) if piece.mode is Mode.LINE else text


def _without_blocks(markdown: Markdown) -> Markdown:
    """A line is a line whatever it begins with: `1. Januari` is no list there."""
    markdown.preprocessors.deregister("html_block")
    for name in (
        "indent",
        "code",
        "hashheader",
        "setextheader",
        "hr",
        "olist",
        "ulist",
        "quote",
        "reference",
    ):
        markdown.parser.blockprocessors.deregister(name)
    return markdown


class _Habits(Extension):
    """Backslashes as in CommonMark, and task lists with a sign instead of a form's box."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        md.ESCAPED_CHARS = list(string.punctuation)
        md.inlinePatterns.register(SubstituteTagInlineProcessor(r"\\\n", "br"), "backslash_break", 181)
        md.postprocessors.register(_Ticks(), "ticks", 10)


class _Ticks(Postprocessor):
    def run(self, text: str) -> str:
        ticked = text.replace('<input type="checkbox" disabled checked/>', "☑")
        return ticked.replace('<input type="checkbox" disabled/>', "☐")

"""Blocks that Python-Markdown reads otherwise than we do, or too slowly: what ours match is bounded.

Its own patterns for headings, footnotes and abbreviations search to the end of a block for a closing sign,
once for every opening one; ours stop at a label's longest length or at the end of the line.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor, HashHeaderProcessor, ReferenceProcessor
from markdown.extensions import Extension
from markdown.extensions.abbr import AbbrBlockprocessor, AbbrExtension, AbbrTreeprocessor
from markdown.extensions.footnotes import FootnoteBlockProcessor, FootnoteExtension, FootnoteInlineProcessor
from markdown.extensions.tables import TableProcessor

from courses.authoring.limits import Effort

_CELL = 40
_ELEMENT = 60
_LABEL = r"\[\^([^\[\]\s]{1,100})\]"


class Blocks(Extension):
    """Registers the processors of this module."""

    def __init__(self, effort: Effort) -> None:
        super().__init__()
        self._effort = effort

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        """Put the processors where Python-Markdown has the ones they stand for."""
        md.preprocessors.deregister("html_block")
        md.parser.blockprocessors.register(RawBlock(md.parser, self._effort), "raw_block", 77)
        md.parser.blockprocessors.register(Tables(md.parser, self._effort), "table", 75)
        md.parser.blockprocessors.register(Headings(md.parser), "hashheader", 70)
        md.parser.blockprocessors.register(References(md.parser), "reference", 15)
        md.parser.blockprocessors.register(UnderParagraph(md.parser), "under_paragraph", 11)
        Footnotes(self._effort).extendMarkdown(md)
        Abbreviations(self._effort).extendMarkdown(md)


class RawBlock(BlockProcessor):
    """An HTML block as in CommonMark: from a line that begins with a block's tag to the blank line.

    Python-Markdown would read on to the end tag and take the Markdown in between for HTML. A comment ends at
    its end.
    """

    _TAG = re.compile(r" {0,3}</?([A-Za-z][A-Za-z0-9]{0,20})(?=[\s/>])")
    _COMMENT = re.compile(r" {0,3}<!--")

    def __init__(self, parser: BlockParser, effort: Effort) -> None:
        super().__init__(parser)
        self._effort = effort

    def test(self, parent: Element, block: str) -> bool:
        """Say whether the block begins with a block's tag or a comment."""
        tag = self._TAG.match(block)
        return self.parser.md.is_block_level(tag[1]) if tag else bool(self._COMMENT.match(block))

    def run(self, parent: Element, blocks: list[str]) -> bool | None:
        """Put the block aside for the cleaner; an unclosed comment is no comment."""
        block, rest = blocks.pop(0), ""
        if self._COMMENT.match(block):
            comment = self._to_comment_end(block, blocks)
            if comment is None:
                blocks.insert(0, block)
                return False
            block, rest = comment
        SubElement(parent, "p").text = self.parser.md.htmlStash.store(block.strip())
        if rest.strip():
            blocks.insert(0, rest)
        return None

    def _to_comment_end(self, block: str, blocks: list[str]) -> tuple[str, str] | None:
        parts = [block]
        while "-->" not in parts[-1]:
            if len(parts) > len(blocks):
                return None
            parts.append(blocks[len(parts) - 1])
            self._effort.spend(1 + len(parts[-1]) // 50)
        del blocks[: len(parts) - 1]
        text, _, rest = "\n\n".join(parts).partition("-->")
        same_line, _, rest = rest.partition("\n")
        return f"{text}-->{same_line}", rest


class Headings(HashHeaderProcessor):
    """A heading needs a space after its signs, so that `#hashtag` is text; signs at its end are dropped."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})(?=[ \n]|$)(?P<header>[^\n]*)(?:\n|$)")

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Make the heading, then take the closing signs off."""
        super().run(parent, blocks)
        text = (parent[-1].text or "").rstrip()
        without = text.rstrip("#")
        parent[-1].text = without.rstrip() if not without or without.endswith(" ") else text


class References(ReferenceProcessor):
    """Definitions of links: the address is read once; the original tries a title from each of its signs."""

    RE = re.compile(
        r"^ {0,3}\[([^\[\]]*)\]: *(?:\n *)?(\S++) *(?:\n *)?(([\"'])(.*)\4 *|\((.*)\) *)?$",
        re.MULTILINE,
    )


class UnderParagraph(BlockProcessor):
    """What may stand right under a paragraph, as in CommonMark: bullets, numbers from 1, and fenced code."""

    _FENCED = r" {0,3}\x02wzxhzdk:[0-9]+\x03 *"  # what superfences leaves where a fence was
    _BREAK = re.compile(rf"\n(?= {{0,3}}(?:[-*+]|1\.) {{1,4}}\S|{_FENCED}(?:\n|$))")
    _AFTER_FENCE = re.compile(rf"{_FENCED}(?=\n)")

    def test(self, parent: Element, block: str) -> bool:
        """Say whether the block is more than a paragraph; inside a tight list it is one text either way."""
        return not self.parser.state.isstate("list") and bool(self._end(block))

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Part the first from the rest."""
        block = blocks.pop(0)
        end = self._end(block)
        blocks.insert(0, block[end:].removeprefix("\n"))
        self.parser.parseBlocks(parent, [block[:end]])

    def _end(self, block: str) -> int:
        fence = self._AFTER_FENCE.match(block)
        broken = self._BREAK.search(block)
        return fence.end() if fence else broken.start() if broken else 0


class Tables(TableProcessor):
    """Tables that charge for the cells they make: a wide head makes every short row wide."""

    def __init__(self, parser: BlockParser, effort: Effort) -> None:
        super().__init__(parser, {"use_align_attribute": True})
        self._effort = effort

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Make the table."""
        self._effort.spend(_CELL * len(self.separator) * (blocks[0].count("\n") + 1))
        super().run(parent, blocks)

    def _split(self, row: str) -> Any:
        self._effort.spend(row.count("|") * row.count("`") // 4)
        return super()._split(row)  # type: ignore[misc]


class Footnotes(FootnoteExtension):
    """Footnotes numbered as they are met; labels without spaces, at most 100 characters long."""

    def __init__(self, effort: Effort) -> None:
        super().__init__(USE_DEFINITION_ORDER=False, BACKLINK_TITLE="%d")
        self._effort = effort

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        """Register, with patterns of our own."""
        super().extendMarkdown(md)
        md.parser.blockprocessors.register(_FootnoteText(self), "footnote", 17)
        md.inlinePatterns.register(_FootnoteMark(self, self._effort), "footnote", 175)


class _FootnoteText(FootnoteBlockProcessor):
    RE = re.compile(rf"^ {{0,3}}{_LABEL}: *(.*)$", re.MULTILINE)


class _FootnoteMark(FootnoteInlineProcessor):
    def __init__(self, footnotes: FootnoteExtension, effort: Effort) -> None:
        super().__init__(_LABEL, footnotes)
        self._effort = effort

    def handleMatch(self, m: "re.Match[str]", data: str) -> Any:  # type: ignore[override]  # noqa: N802
        """Make the mark: its number is looked for among all footnotes, its id among all marks of one."""
        same = self.footnotes.found_refs.get(f"fnref:{m[1]}", 0)
        self._effort.spend(len(self.footnotes.footnotes) // 5 + 10 * same)
        return super().handleMatch(m, data)


class Abbreviations(AbbrExtension):
    """Abbreviations that charge for every place they are found at."""

    abbrs: dict[str, str]

    def __init__(self, effort: Effort) -> None:
        super().__init__()
        self._effort = effort

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        """Register, with a pattern of our own."""
        super().extendMarkdown(md)
        md.parser.blockprocessors.register(_AbbreviationText(md.parser, self.abbrs), "abbr", 16)
        md.treeprocessors.register(_AbbreviationMarks(md, self.abbrs, self._effort), "abbr", 7)


class _AbbreviationText(AbbrBlockprocessor):
    RE = re.compile(r"^\*\[(?P<abbr>[^\[\]\\\n]{1,100})\] ?: *(?P<title>.*)$", re.MULTILINE)


class _AbbreviationMarks(AbbrTreeprocessor):
    def __init__(self, md: Markdown, abbrs: dict[str, str], effort: Effort) -> None:
        super().__init__(md, abbrs)
        self._effort = effort

    def run(self, root: Element) -> Element | None:
        """Charge for every mark before the first is made: each copies its title and the text before it."""
        if self.abbrs:
            texts = list(root.itertext())
            self._effort.spend(len(self.abbrs) * sum(map(len, texts)) // 50)
            words = re.compile(rf"\b(?:{'|'.join(map(re.escape, self.abbrs))})\b")
            found = (match[0] for text in texts for match in words.finditer(text))
            for number, word in enumerate(found):
                self._effort.spend(_ELEMENT + len(self.abbrs[word]) // 4 + number // 20)
        return super().run(root)

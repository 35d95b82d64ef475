"""The desk on which one file is read: its lines, and the pile of problems found in it."""

from dataclasses import dataclass

from courses.authoring.blocks import Block
from courses.authoring.course import Place
from courses.authoring.findings import Findings
from courses.authoring.manuscript import Manuscript


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file and what is found in it; lines and columns count from 0 here."""

    page: Manuscript
    found: Findings

    def add(self, code: str, line: int, column: int = 0, /, **facts: object) -> None:
        """Add a problem at a line and column."""
        self.found.add(code, self.page.place(line, column), **facts)

    def add_at(self, code: str, block: Block, /, **facts: object) -> None:
        """Add a problem at the beginning of a block."""
        self.found.add(code, self.place(block), **facts)

    def place(self, block: Block) -> Place:
        """Return the place of the first character of a block."""
        line = self.page.lines[block.first]
        return self.page.place(block.first, len(line) - len(line.lstrip()))

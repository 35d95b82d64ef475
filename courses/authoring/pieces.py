"""What goes to the child process and comes back: one text with its setting; its HTML, or why there is none.

Both ways it is JSON of plain values; the child is handed nothing it could run.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from courses.authoring.addresses import Target
from courses.authoring.limits import Reason


class Mode(StrEnum):
    """What a text becomes: a lesson's page, blocks inside a page, or a line without blocks."""

    PAGE = "page"
    BLOCKS = "blocks"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Piece:
    """One text to render. `name` keeps footnotes of a page's pieces apart; `folder` is where it stands."""

    text: str
    mode: Mode = Mode.BLOCKS
    lang: str = "id"
    name: str = ""
    folder: str = ""
    targets: Mapping[str, Target] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the piece as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Piece":
        """Return the piece that `as_json` wrote."""
        targets = {path: Target(**target) for path, target in values["targets"].items()}
        return cls(**(dict(values) | {"mode": Mode(values["mode"]), "targets": targets}))


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a piece: cleaned HTML, or why there is none."""

    html: str = ""
    refused: Reason | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the answer as plain values."""
        return {"html": self.html, "refused": self.refused}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Answer":
        """Return the answer that `as_json` wrote."""
        refused = values["refused"]
        return cls(values["html"], Reason(refused) if refused else None)

"""The typesetter, kept warm: fonts are read once, and a page is made from a template of ours and plain data.

What people wrote goes in as JSON beside the template, never into it, so there is nothing to escape. The
library is loaded for the first page: a web process sets none, and would carry it for nothing.
"""

import json
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(__file__).with_name("templates")

_LOCK = threading.Lock()


class NotTypeset(Exception):
    """The template and the data do not make a document: a defect of ours, or a missing glyph."""


def set_pages(template: str, data: Mapping[str, Any], made_on: date) -> bytes:
    """Return a PDF/A-3a that is PDF/UA-1 too, the same bytes for the same arguments.

    The moment of making is that day at midnight UTC, so nothing in the bytes depends on when this runs.

    Args:
        template: name of a file in `templates/`, without `.typ`; it reads `sys.inputs.data`.
        data: JSON values.
        made_on: the day written into the document as the day it was made.

    Raises:
        NotTypeset: the typesetter refused, with its own words.
    """
    import typst

    try:
        with _LOCK:  # one compiler, one page at a time
            pdf = _compiler().compile(
                input=str(TEMPLATES / f"{template}.typ"),
                format="pdf",
                sys_inputs={"data": json.dumps(data)},
                pdf_standards=["a-3a", "ua-1"],
                timestamp=datetime.combine(made_on, time(), UTC),
            )
    except typst.TypstError as why:
        raise NotTypeset(str(why)) from why
    if not isinstance(pdf, bytes):
        raise NotTypeset("no single document came back")
    return pdf


@cache
def _compiler() -> "typst.Compiler":
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(TEMPLATES / "fonts")])
    return typst.Compiler(root=str(TEMPLATES), font_paths=fonts)

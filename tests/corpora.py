"""Outside corpora of bad input, read from the folder that BINA_CORPORA names."""

import json
import os
from pathlib import Path

import pytest


def corpus(name: str) -> list[str]:
    """The strings of one corpus, or a loud skip: the one thing `./test --all` may leave out."""
    folder = os.environ.get("BINA_CORPORA")
    file = Path(folder, "open", f"{name}.json") if folder else None
    if file is None or not file.exists():
        pytest.skip(f"outside corpus {name} is not at hand: set BINA_CORPORA")
    strings: list[str] = json.loads(file.read_text("utf-8"))
    return strings

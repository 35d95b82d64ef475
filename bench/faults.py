"""What fault tests found at the full dose, left by them in `.cache/figures/` and read by the board.

A test leaves its figure before it says whether it holds: red is shown as red. What nobody ran is "not run".
"""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from config import ROOT

FIGURES = ROOT / ".cache" / "figures"
# By name: what it is, and what must be reached.
FAULTS = {
    "kills-sqlite": ("`kill -9` under load, SQLite", "300 kills, 20,000 acknowledged, 0 lost"),
    "kills-postgresql": ("`kill -9` under load, PostgreSQL", "300 kills, 20,000 acknowledged, 0 lost"),
    "drills-sqlite": ("backup under load of SQLite, restored elsewhere", "10 drills, 0 wrong"),
    "drills-postgresql": ("backup under load of PostgreSQL, restored elsewhere", "10 drills, 0 wrong"),
    "disk-full": ("disk full under load, then room again", "200 drills, 0 lost"),
}


@dataclass(frozen=True)
class Found:
    """A figure in words; `reached` is None where nobody ran the test."""

    what: str
    must: str
    measured: str
    reached: bool | None


def leave(name: str, measured: str, *, reached: bool) -> None:
    """Leave a figure of FAULTS for the board, if this is the full dose; others say nothing about it."""
    if os.environ.get("BINA_DOSE") != "full":
        return
    if name not in FAULTS:
        raise LookupError(f"the board has no line for {name}")
    FIGURES.mkdir(parents=True, exist_ok=True)
    said = {"measured": measured, "reached": reached, "commit": commit()}
    (FIGURES / f"{name}.json").write_text(json.dumps(said, indent=1) + "\n", "utf-8")


def found() -> Iterator[Found]:
    """Every line of FAULTS, with what was found last. A figure of another commit says so."""
    now = commit()
    for name, (what, must) in FAULTS.items():
        try:
            said = json.loads((FIGURES / f"{name}.json").read_text("utf-8"))
        except FileNotFoundError:
            yield Found(what, must, "not run", None)
        else:
            of = "" if said["commit"] == now else f" ({said['commit']})"
            yield Found(what, must, said["measured"] + of, said["reached"])


def commit() -> str:
    """The commit that is at work."""
    words = ["git", "rev-parse", "--short", "HEAD"]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip() or "unknown"

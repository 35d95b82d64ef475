"""Documents that describe the code are held against it."""

import re
from pathlib import Path

from config import ROOT, Settings

DOCS = ROOT / "docs"


def test_every_setting_is_documented_with_its_default_and_meaning():
    expected = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default in {"", None} else f"`{str(field.default).removeprefix(f'{ROOT}/')}`"
        expected.append(f"| `BINA_{name.upper()}` | {default} | {field.description} |")
    written = [
        line for line in (DOCS / "settings.md").read_text().splitlines() if line.startswith("| `BINA_")
    ]
    assert written == expected


def test_every_link_between_documents_leads_somewhere():
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    for page in pages:
        prose = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#\s]+)", prose):
            if not re.match(r"[a-z]+:", target):
                assert (page.parent / target).exists(), (page.name, target)


def test_decisions_are_numbered_without_a_gap_and_fit_a_page():
    pages = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        assert len(page.read_text().splitlines()) <= 60, page.name


def test_every_room_is_named_in_the_readme():
    readme = (ROOT / "README.md").read_text()
    rooms = [path.name for path in Path(ROOT / "courses").iterdir() if (path / "__init__.py").exists()]
    assert rooms
    for room in rooms:
        assert f"{room}/`" in readme, room

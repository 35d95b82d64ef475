"""A web process carries no tool that it does not use, and a start with nothing to do loads none either."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from app.cli.setup import newest_revision, revisions
from config import ROOT

# What signs, typesets, migrates, renders and parses courses; seconds to load and tens of megabytes to hold.
TOOLS = ("alembic", "bleach", "lxml", "markdown", "nh3", "pyhanko", "ruamel", "typst", "xlsxwriter")
PAGES = ("/", "/courses/", "/login", "/verify/", f"/verify/{'0' * 26}", "/healthz", "/missing")
SERVE = f"""
import sys
from wsgi import app
statuses = [app.test_client().get(page).status_code for page in {PAGES}]
assert statuses == [200, 200, 200, 200, 404, 200, 404], statuses
print(*{{name.partition(".")[0] for name in sys.modules}})
"""
SET_UP = """
import sys
from app.web import run_setup
try:
    run_setup()
finally:
    print(*{name.partition(".")[0] for name in sys.modules})
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A data directory that was set up."""
    folder = tmp_path_factory.mktemp("prepared")
    run(SET_UP, folder)
    return folder


def test_a_web_process_carries_no_tools(prepared):
    assert not set(TOOLS) & run(SERVE, prepared)


def test_a_second_start_loads_no_tools(prepared):
    assert not set(TOOLS) & run(SET_UP, prepared)


def test_the_first_start_loads_them(tmp_path):
    assert {"alembic", "ruamel"} <= run(SET_UP, tmp_path)


def test_the_newest_migration_is_the_one_that_the_tool_names(app):
    assert newest_revision() == ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    assert revisions() == {newest_revision()}


def run(code: str, folder: Path) -> set[str]:
    """The packages that Python holds after running this over a data directory."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("BINA_")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**ours, "BINA_ENV": "development", "BINA_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    return set(done.stdout.splitlines()[-1].split())

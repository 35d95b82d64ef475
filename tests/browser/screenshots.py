"""Pictures of every page, phone and desk, light and dark: `python -m tests.browser.screenshots [--out DIR]`.

Without `--out` they go to `.cache/pictures/` to be looked at. With it only those of the README are made,
and page 1 of a certificate.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.cli.edge import writing
from app.extensions import db
from app.issuer import issuer
from courses.certification import issuing
from courses.certification.models import Award, Certificate
from tests.browser.scenes import SCENES, Scene
from tests.browser.server import ROOT, eventually, running
from tests.browser.town import Town, arrive, settle
from tests.browser.watching import DESK, PHONE, chromium, looking

EMPTY = (Scene("queue-empty", "admin", "/admin/certificates"),)  # before anybody has done anything
README = {"home-1280-light", "lesson-360-light", "attempt-360-light"}
WIDTHS = {360: PHONE, 1280: DESK}
# Sharp enough to be read beside text, small enough to be fetched with it.
FOR_PAPER: dict[int, dict[str, Any]] = {
    360: {"device_scale_factor": 1.5},
    1280: {"viewport": {"width": 1280, "height": 660}},
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TALLEST = 5000
OFFICE = "https://bina.example.go.id"
DOTS = 96
# What phones and office computers show, instead of the first font of this machine.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match><test name="family" qual="any"><string>sans-serif</string></test>
<edit name="family" mode="prepend_first" binding="strong"><string>Roboto</string></edit></match>
</fontconfig>"""


def main() -> int:
    """Make the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots")
    parser.add_argument("--out", type=Path, help="a folder for the README's pictures only")
    parser.add_argument("names", nargs="*", help="only scenes whose names begin so")
    said = parser.parse_args()
    folder = said.out or ROOT / ".cache" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    camera = Camera(folder, readme=said.out is not None, names=tuple(said.names))
    with tempfile.TemporaryDirectory() as data, running(Path(data)) as server, _with_fonts() as browser:
        town = arrive(server)
        camera.visit(browser, town, EMPTY)
        settle(town)
        camera.visit(browser, town, SCENES)
        _first_page(_paper(town), folder / "certificate")
    return 0


@dataclass(frozen=True)
class Camera:
    """Where pictures go and which are wanted."""

    folder: Path
    readme: bool
    names: tuple[str, ...]

    def visit(self, browser: Browser, town: Town, scenes: Iterable[Scene]) -> None:
        """Take the pictures of these scenes."""
        for scene in scenes:
            if self.names and not scene.name.startswith(self.names):
                continue
            for width, how in WIDTHS.items():
                wanted = [one for one in SCHEMES if self._wants(f"{scene.name}-{width}-{one}")]
                if wanted:
                    self._take(browser, town, (scene, width, wanted), how)

    def _take(
        self,
        browser: Browser,
        town: Town,
        what: tuple[Scene, int, list[Literal["light", "dark"]]],
        how: dict[str, Any],
    ) -> None:
        scene, width, wanted = what
        how = {**how, **(FOR_PAPER[width] if self.readme else {})}
        with looking(browser, town.server.url, reduced_motion="reduce", **how) as context:
            if scene.who is not None:
                town.sign_in(context, scene.who)
            page = context.new_page()
            scene.enter(page, town)
            page.mouse.move(0, 0)  # nothing is hovered
            for scheme in wanted:
                page.emulate_media(color_scheme=scheme)
                name = self.folder / f"{scene.name}-{width}-{scheme}"
                page.screenshot(path=f"{name}.png")
                if not self.readme:
                    _whole(page, f"{name}-whole.png")

    def _wants(self, name: str) -> bool:
        return not self.readme or name in README


def _whole(page: Page, path: str) -> None:
    """The page at its full height, bars at its end, where it is taller than the screen."""
    size = page.viewport_size
    height = page.evaluate("document.documentElement.scrollHeight")
    if size is None or height <= size["height"]:
        return
    page.set_viewport_size({"width": size["width"], "height": min(height, TALLEST)})
    page.screenshot(path=path)
    page.set_viewport_size(size)


def _paper(town: Town) -> bytes:
    """A certificate of the shipped course, with the address it would have in an office."""
    with town.server.inside():
        with writing() as session:
            award = session.scalars(select(Award).where(Award.person_id == town.people["graduate"].id)).one()
            who = replace(
                issuer(), base_url="https://bina.example.go.id", signer_name="Drs. H. Lalu Wirajaya, M.Si."
            )
            made = issuing.approve(session, award.id, who, by=town.people["admin"].id)
        code = db.session.query(Certificate.code).filter_by(id=made).scalar()
        db.session.rollback()
    assert eventually(lambda: bool(town.document(code)))
    return town.document(code)


def _first_page(paper: bytes, target: Path) -> None:
    """Page 1 as a picture."""
    command = ["pdftoppm", "-r", str(DOTS), "-png", "-singlefile", "-f", "1", "-l", "1", "-", str(target)]
    subprocess.run(command, input=paper, check=True)


@contextmanager
def _with_fonts() -> Iterator[Browser]:
    """Chromium with the fonts of phones, where this machine has them."""
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as fonts:
        fonts.write(FONTS)
        fonts.flush()
        with chromium({**os.environ, "FONTCONFIG_FILE": fonts.name}) as browser:
            yield browser


if __name__ == "__main__":
    sys.exit(main())

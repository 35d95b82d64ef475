"""Without a mouse, at twice the size, and without motion."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.cli.demo import PASSWORD, PEOPLE
from tests.browser.scenes import EXAM_PAGE
from tests.browser.town import MAIN
from tests.browser.watching import DESK

ZOOMED = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}
MOST_TABS = 80
NAME = "() => (document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()"
# How long each element takes to change or move, where it does.
MOVING = """() => [...document.querySelectorAll("*")].flatMap((one) => {
  const style = getComputedStyle(one);
  const said = `${style.transitionDuration},${style.animationDuration}`;
  const times = said.split(",").map(parseFloat);
  return Math.max(...times) > 0 ? [[one.tagName, Math.max(...times)]] : [];
})"""


def test_signing_in_enrolling_reading_and_answering_by_keyboard_alone(town, look):
    page = look(town.server.url, **DESK).new_page()
    page.goto("/courses/contoh")
    reach(page, "Masuk untuk")
    _go_by(page, "Enter", "Masuk")
    reach(page, "NIP atau surel")
    page.keyboard.type(PEOPLE[0].nip or "")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    _go_by(page, "Enter", "Pelatihan contoh")
    reach(page, "Ikuti pelatihan ini")
    _go_by(page, "Enter", "Apa itu arsip")
    reach(page, "Selesai dan lanjut")
    _go_by(page, "Space", "Menyimpan arsip")
    page.wait_for_timeout(2500)
    reach(page, "Selesai dan lanjut")
    _go_by(page, "Enter", "Cek paham")
    reach(page, "Mulai mengerjakan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/attempt")
    reach(page, "Jawaban Anda")
    page.keyboard.type("2")
    reach(page, "Kepala bidang", "Unit kearsipan")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    if not page.get_by_label("Unit kearsipan").is_checked():
        page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Unit kearsipan")).to_be_checked()
    reach(page, "Kumpulkan jawaban")
    page.keyboard.press("Enter")
    reach(page, "Kumpulkan sekarang")
    _go_by(page, "Enter", "Hasil")
    expect(page.locator(".score")).to_contain_text("100%")


def test_escape_closes_what_was_opened_and_gives_focus_back(town, look):
    page = town.sign_in(look(town.server.url, **DESK), "taker").new_page()
    page.goto(f"{EXAM_PAGE}/attempt")
    page.get_by_role("button", name="Tinjau").press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Tinjau")).to_be_focused()
    page.goto("/")
    page.locator(".menu summary").press("Enter")
    expect(page.get_by_role("button", name="Keluar")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Keluar")).to_be_hidden()
    expect(page.locator(".menu summary")).to_be_focused()


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("reader", f"/learn/{MAIN}/menghitung-jp"),
        ("taker", f"{EXAM_PAGE}/attempt"),
        ("admin", "/admin/certificates"),
    ],
)
def test_at_twice_the_size_nothing_runs_off_the_side(town, look, who, address):
    page = town.sign_in(look(town.server.url, **ZOOMED), who).new_page()
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    main = page.locator("main")
    assert main.bounding_box()["width"] <= 640
    # Bars that stand on the page leave most of this low screen to what is read.
    standing = page.evaluate(
        """() => [...document.querySelectorAll("header, .bar, .tabs")]
          .filter((bar) => ["sticky", "fixed"].includes(getComputedStyle(bar).position))
          .reduce((sum, bar) => sum + bar.getBoundingClientRect().height, 0)"""
    )
    assert standing <= 200


def test_nothing_moves_for_those_who_asked_for_it(town, look):
    page = town.sign_in(look(town.server.url, reduced_motion="reduce", **DESK), "taker").new_page()
    for address in ("/", f"{EXAM_PAGE}/attempt"):
        page.goto(address)
        assert page.evaluate(MOVING) == []
    page.emulate_media(reduced_motion="no-preference")
    slow = page.evaluate(MOVING)
    assert slow
    assert max(seconds for _, seconds in slow) < 0.15


def reach(page: Page, *names: str) -> None:
    """Press Tab until one of these has focus."""
    said = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        name = page.evaluate(NAME)
        if name.startswith(names):
            return
        said.append(name)
    raise AssertionError(f"{names} was not among {said}")


def _go_by(page: Page, key: str, title: str) -> None:
    """Press a key that leads to another page; wait until it is there."""
    page.keyboard.press(key)
    expect(page).to_have_title(re.compile(f"^{title}"))
    page.wait_for_load_state()

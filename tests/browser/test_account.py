"""A person's account without a mouse, and on a phone without scripts."""

import re

from playwright.sync_api import expect

from tests.browser.test_hands_and_eyes import reach
from tests.browser.walks import Learner
from tests.browser.watching import DESK, PHONE
from tests.people import PASSWORD, make

NEW = "kopi pagi di Ampenan"
GROUND = "getComputedStyle(document.body).backgroundColor"
DARK, LIGHT = "rgb(17, 22, 20)", "rgb(251, 250, 247)"


def test_a_look_is_chosen_by_keyboard_and_overrules_the_device(town, look):
    page = town.sign_in(look(town.server.url, color_scheme="light", **DESK), "newcomer").new_page()
    page.goto("/account")
    assert page.evaluate(GROUND) == LIGHT
    reach(page, "Seperti perangkat saya")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Gelap")).to_be_checked()
    reach(page, "Simpan pilihan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Pilihan Anda tersimpan")
    assert page.evaluate(GROUND) == DARK
    page.goto("/courses/")
    assert page.evaluate(GROUND) == DARK
    page.goto("/account")
    page.get_by_label("Terang").check()
    page.get_by_role("button", name="Simpan pilihan").click()
    page.emulate_media(color_scheme="dark")
    expect(page.get_by_label("Terang")).to_be_checked()
    assert page.evaluate(GROUND) == LIGHT


def test_a_password_is_changed_and_a_session_ended_without_scripts(town, look):
    with town.server.inside():
        who = make("Ida Bagus Rai", nip="198803032012031003", email="rai@example.id")
    pages = [look(town.server.url, java_script_enabled=False, **PHONE).new_page() for _ in range(3)]
    for page in pages:
        page.goto("/login?next=/account")
        Learner(page, town.server).sign_in(who.nip, PASSWORD)
        expect(page.get_by_role("heading", level=1)).to_have_text("Akun saya")
    mine, second, third = pages
    mine.reload()
    line = mine.locator(".trail li", has_not_text="Sesi ini")
    expect(line).to_have_count(2)
    expect(line.first).to_contain_text(re.compile("Chrome, "))
    line.first.get_by_role("button", name="Akhiri").click()
    expect(mine.locator(".trail li")).to_have_count(2)
    mine.get_by_label("Kata sandi sekarang").fill(PASSWORD)
    mine.get_by_label("Kata sandi baru").fill(NEW)
    mine.get_by_role("button", name="Ganti kata sandi").click()
    expect(mine.get_by_role("status")).to_contain_text("sudah diganti")
    for page in (second, third):
        page.goto("/account")
        expect(page).to_have_url(re.compile("/login"))
    Learner(third, town.server).sign_in(who.nip, NEW)
    expect(third.get_by_role("heading", level=1)).to_have_text("Akun saya")

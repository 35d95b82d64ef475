"""The whole of a learner's job on a phone without scripts: plain forms all the way, on both databases."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import eventually
from tests.browser.walks import Learner
from tests.browser.watching import PHONE
from tests.people import PASSWORD, make


@pytest.fixture(params=["server", "postgres_server"])
def any_server(request):
    return request.getfixturevalue(request.param)


def test_the_whole_job(any_server, look):
    with any_server.inside():
        who = make("I Made Sudana", nip="199001012015031002", email="made@example.id")
    page = look(any_server.url, java_script_enabled=False, **PHONE).new_page()
    page.goto("/login?next=/courses/contoh")
    Learner(page, any_server).sign_in(who.nip, PASSWORD)
    page.get_by_role("button", name="Ikuti pelatihan ini").click()
    _read(page, "Apa itu arsip")
    _read(page, "Menyimpan arsip", least=True)
    _practise(page)
    _read(page, "Menyusutkan arsip")
    _save_an_answer_and_come_back(page)
    _pass(page, any_server)
    page.get_by_role("link", name="Lihat sertifikat").click()
    assert eventually(lambda: _seen(page, "Menunggu persetujuan"))


def _read(page: Page, title: str, *, least: bool = False) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    done = page.get_by_role("button", name="Selesai dan lanjut")
    done.click()
    if least:
        expect(page.get_by_role("status")).to_contain_text(re.compile(r"\d+ detik lagi"))
        page.wait_for_timeout(2500)
        done.click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text(title)


def _practise(page: Page) -> None:
    page.get_by_role("button", name="Mulai mengerjakan").click()
    page.get_by_label("Jawaban Anda").fill("2")
    page.get_by_label("Unit kearsipan").check()
    page.get_by_role("button", name="Kumpulkan jawaban").click()
    expect(page.locator(".score")).to_contain_text("100%")
    page.get_by_role("link", name="Lanjut").click()


def _save_an_answer_and_come_back(page: Page) -> None:
    page.get_by_role("button", name="Mulai mengerjakan").click()
    first = page.locator(".q").first.locator("input").first
    kind = first.get_attribute("type")
    if kind == "text":
        first.fill("1")
    else:
        first.check()
    page.get_by_role("button", name="Simpan dulu").click()
    expect(page.get_by_role("status").first).to_contain_text("Jawaban tersimpan")
    page.goto("/")
    page.get_by_role("link", name="Kerjakan kuis ini").click()
    page.get_by_role("link", name="Lanjutkan mengerjakan").click()
    again = page.locator(".q").first.locator("input").first
    if kind == "text":
        expect(again).to_have_value("1")
    else:
        expect(again).to_be_checked()


def _pass(page: Page, server) -> None:
    learner = Learner(page, server)
    learner.answer(learner.answers())
    page.get_by_role("button", name="Kumpulkan jawaban").click()
    expect(page.get_by_role("heading", name="Anda lulus")).to_be_visible()


def _seen(page: Page, words: str) -> bool:
    page.reload()
    return page.get_by_text(words).first.is_visible()

"""A hostile course in Chromium: no dialog, no violation of the policy, no other host asked, no way off it.

The watcher of the browser tests hears what pages report. Without the cleaner it must hear something.
"""

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from courses.authoring.source import Source
from tests.browser.watching import Watch, chromium, looking
from tests.publishing import publish_folder
from tests.services.doses import dose
from tests.web.granian import served
from tests.web.hostile_course import (
    QUESTION_PLACES,
    Hostile,
    hostile_course,
    strings,
    without_the_cleaner,
)

COMPLAINTS = ["CSP: script-src", "CSP: style-src", "foreign request: "]
MOST = dose(quick=10, full=10_000)
# What a payload would call; asked for before any script of a page could run.
HOOKS = """
window.called = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => called.push(name);
"""
# Whatever a reader's finger could set off, at every element that a course has put on the page.
TOUCH = """() => {
  const kinds = ["mouseover", "mouseenter", "focus", "focusin", "toggle", "error", "load", "pointerdown"];
  for (const one of document.querySelectorAll("h1, .prose, .prose *, .stem, .stem *, .choice *, .given *"))
    for (const kind of kinds) one.dispatchEvent(new Event(kind));
  return called;
}"""


def test_in_a_browser_nothing_happens_but_reading(site, hostile, visitor):
    with site.app.app_context():
        publish_folder(hostile.source)
    with chromium() as browser, looking(browser, site.url) as context:
        context.add_cookies(visitor("contoh"))
        context.add_init_script(HOOKS)
        page = context.new_page()
        for address in _addresses(hostile, "contoh"):
            _read(page, address)
        assert context.pages == [page]


def test_without_the_cleaner_the_browser_reports_it(site, hostile, visitor):
    with site.app.app_context(), without_the_cleaner():
        publish_folder(Source("kotor", hostile.source.files))
    heard, missing = Watch(site.url), COMPLAINTS
    with chromium() as browser:
        for address in _addresses(hostile, "kotor"):
            context = browser.new_context(base_url=site.url)
            context.add_cookies(visitor("kotor"))
            heard.over(context)
            page = context.new_page()
            page.goto(address, wait_until="commit")
            page.wait_for_timeout(200)
            context.close()
            missing = [complaint for complaint in missing if complaint not in "\n".join(heard.problems)]
            if not missing:
                break
    assert missing == []


def _addresses(course: Hostile, slug: str) -> list[str]:
    quizzes = [f"/learn/{slug}/quiz/{place}" for place in QUESTION_PLACES]
    return [
        *(f"/learn/{slug}/{lesson}" for lesson in course.lessons[:: -(-len(course.lessons) // MOST)]),
        *(quiz + page for quiz in quizzes for page in ("/attempt", "/result/1")),
        f"/courses/{slug}",
        "/courses/",
    ]


def _read(page: Page, address: str) -> None:
    """Open a page, touch everything on it, and still be there."""
    page.goto(address, wait_until="load")
    try:
        called = page.evaluate(TOUCH)
    except PlaywrightError as error:
        raise AssertionError(f"left the page {address}: {error.message}") from error
    assert called == [], f"{address} called {called}"
    assert page.url.endswith(address), f"left the page {address} for {page.url}"


@pytest.fixture(scope="module")
def hostile() -> Hostile:
    return hostile_course(strings())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served("sqlite", tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture
def visitor(site):
    """Gives cookies of somebody who has, at every quiz of a course, handed in an attempt and begun one."""

    def cookies_in(slug: str):
        who = site.somebody(course=slug)
        for quiz in (f"/learn/{slug}/quiz/{place}" for place in QUESTION_PLACES):
            who.post(f"{quiz}/start", who.form(quiz))
            who.post(f"{quiz}/attempt", who.form(f"{quiz}/attempt") | {"action": "submit"})
            who.post(f"{quiz}/start", who.form(quiz))
        return [{"name": name, "value": value, "url": site.url} for name, value in who.cookies.items()]

    return cookies_in

"""Whatever an author writes: no script, no foreign address, no style is served; titles are shown literally.

A course full of hostile strings is published and read to its end, on both engines, and every page is judged.
Without the cleaner the same judge must see it. How Chromium reads it stands in `test_hostile_in_browser`.
"""

import html
import re
from collections.abc import Iterator

import pytest
from lxml import html as lxml_html

from app.extensions import db
from courses.authoring import parse
from courses.authoring.problems import Severity
from courses.certification.models import Award
from tests.people import fields, sign_in
from tests.publishing import publish_folder, sample_course, with_files
from tests.web.hostile import complaints, sample, sound
from tests.web.hostile_course import (
    LESSON_PLACES,
    QUESTION_PLACES,
    Hostile,
    hostile_course,
    strings,
    without_the_cleaner,
)
from tests.web.journeys import post, work

LEARN = "/learn/contoh"


def test_most_strings_are_taken_at_every_place(hostile):
    """Or the judges below would have nothing to look at."""
    markdown = sample("xss_markdown", 24)
    assert len(hostile.taken_anywhere(markdown)) >= len(markdown) / 2
    for place in (*LESSON_PLACES, *QUESTION_PLACES, "name"):
        assert len(hostile.taken[place]) >= len(strings()) / 3, place


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ('title: "a\\0b"', "2:8"),
        ('title: "a\\x07"', "2:8"),
        ('title: "\\uD800"', "2:8"),
        ('title: a\nobjectives: [b, "\\0"]', "3:17"),
        ('title: a\n"\\0": b', "3:1"),
    ],
)
def test_no_escape_brings_in_what_no_database_and_no_page_can_hold(written, place):
    lesson = f"---\n{written}\n---\n\nIsi.\n"
    problems = parse(with_files(sample_course(), {"01-awal/09-x.md": lesson})).problems
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    assert [problem.code for problem in errors] == ["control-character"]
    assert str(errors[0]).startswith(f"01-awal/09-x.md:{place}: ")


def test_no_page_of_a_hostile_course_carries_anything_but_words(reader, hostile):
    for kind, page in _pages(reader, hostile):
        assert not (found := complaints(page)), (kind, found)


def test_titles_are_shown_letter_for_letter(reader, hostile):
    titles = [" ".join(title.split()) for title in hostile.titles.values()]
    for lesson, title in zip(hostile.lessons, titles, strict=True):
        page = lxml_html.fromstring(reader.get(f"{LEARN}/{lesson}").text)
        assert _words(page.find(".//h1")) == title
        assert _words(page.find(".//title")).startswith(title + " · ")
    outline = lxml_html.fromstring(reader.get("/courses/contoh").text)
    assert set(titles) <= {_words(link) for link in outline.findall(".//ol//a")}


def test_a_certificate_of_a_course_with_a_hostile_title_is_made_and_checked(app, reader, admin, hostile):
    assert list(_pages(reader, hostile))
    for lesson in (*hostile.lessons, "akhir"):
        page = f"{LEARN}/{lesson}"
        assert post(reader, page, f"{page}/done").status_code == 303
    work()
    award = db.session.query(Award.id).scalar()
    db.session.rollback()
    desk = sign_in(app.test_client(), admin)
    assert post(desk, "/admin/certificates", "/admin/certificates/approve", award=award).status_code == 303
    work()
    title = _words(lxml_html.fromstring(reader.get("/courses/contoh").text).find(".//h1"))
    for client, address in ((reader, "/me"), (reader, "/"), (desk, "/admin/certificates")):
        sound(client.get(address), address)
    code = re.search(r"/verify/([0-9a-z]{26})", reader.get("/me").text)
    assert code is not None
    page = sound(reader.get(f"/verify/{code[1]}")).text
    assert "asli dan berlaku" in page
    assert title in " ".join(html.unescape(page).split())


def test_without_the_cleaner_the_judge_sees_it_on_lessons_questions_and_results(app, learner, hostile):
    with without_the_cleaner():
        publish_folder(hostile.source)
    client = _enrolled(app.test_client(), learner)
    seen = dict.fromkeys(("around", "lesson", "quiz", "attempt", "result"), 0)
    for kind, page in _pages(client, hostile):
        seen[kind] += bool(complaints(page))
    assert seen["lesson"] >= len(hostile.lessons) / 2
    assert seen["attempt"] >= 4
    assert seen["result"] >= 4


def _pages(client, course: Hostile) -> Iterator[tuple[str, str]]:
    """Every page of the course as a learner walks through it, with what it is."""
    for address in ("/", "/courses/", "/courses/contoh", "/me"):
        yield "around", client.get(address).text
    for lesson in course.lessons:
        yield "lesson", client.get(f"{LEARN}/{lesson}").text
    for place in QUESTION_PLACES:
        base = f"{LEARN}/quiz/{place}"
        yield "quiz", client.get(base).text
        assert post(client, base, f"{base}/start").status_code == 303
        attempt = client.get(f"{base}/attempt").text
        yield "attempt", attempt
        form = fields(attempt) | dict(re.findall(r'name="(q-\d+)" value="([\w-]+)"', attempt))
        assert client.post(f"{base}/attempt", data=form | {"action": "submit"}).status_code == 303
        yield "result", client.get(f"{base}/result/1").text


def _enrolled(client, who):
    sign_in(client, who)
    assert post(client, "/courses/contoh", f"{LEARN}/enrol").status_code == 303
    return client


def _words(element) -> str:
    return " ".join(element.text_content().split())


@pytest.fixture(scope="module")
def hostile() -> Hostile:
    return hostile_course(strings())


@pytest.fixture
def reader(app, learner, hostile):
    publish_folder(hostile.source)
    return _enrolled(app.test_client(), learner)

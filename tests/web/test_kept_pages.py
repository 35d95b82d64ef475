"""A page that is kept for many readers never shows one of them to another, and tells each what is theirs."""

import gzip
import html
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from app.packing import packed, pressed, stored
from app.shells import hole
from courses.certification.models import Certificate
from courses.people.models import Person
from tests.people import Somebody, fields, sign_in
from tests.publishing import publish_folder, sample_course, with_files
from tests.services.certification.awards import approved, earned, paper
from tests.services.crowd import writing
from tests.web.journeys import enrol, read

LESSON = "/learn/contoh/arsip"


@pytest.fixture
def readers(app, course, learner, other_learner):
    """Two people, each with a browser, at the same lesson."""
    clients = []
    for who in (learner, other_learner):
        client = sign_in(app.test_client(), who)
        enrol(client)
        client.get(LESSON)  # what waited to be said was said
        clients.append((client, who))
    return clients


def test_each_reads_their_own_name_and_nobody_elses(readers):
    (first, learner), (second, other) = readers
    for client, mine, theirs in ((first, learner, other), (second, other, learner), (first, learner, other)):
        page = html.unescape(client.get(LESSON).text)
        assert mine.name in page
        assert theirs.name not in page


def test_each_has_their_own_token_and_every_page_its_own_ids(readers):
    (first, _), (second, _) = readers
    seen = [fields(client.get(LESSON).text) for client in (first, second, first)]
    assert len({page["operation"] for page in seen}) == 3
    assert seen[0]["csrf_token"] == seen[2]["csrf_token"] != seen[1]["csrf_token"]
    assert seen[0]["opened"] != seen[1]["opened"]


def test_another_ones_token_is_refused(readers):
    (first, _), (second, _) = readers
    mine, theirs = (fields(client.get(LESSON).text) for client in (first, second))
    answer = first.post(f"{LESSON}/done", data={**mine, "csrf_token": theirs["csrf_token"]})
    assert answer.status_code == 400
    assert first.post(f"{LESSON}/done", data=mine).status_code == 303


def test_what_is_said_to_one_is_not_said_to_the_next(app, course, learner, other_learner):
    first, second = (sign_in(app.test_client(), who) for who in (learner, other_learner))
    for client in (first, second):
        enrol(client)
    assert "sudah terdaftar" in first.get(LESSON).text
    assert "sudah terdaftar" in second.get(LESSON).text
    assert "sudah terdaftar" not in first.get(LESSON).text


def test_the_page_follows_what_was_done(readers):
    (first, _), (second, _) = readers
    read(first, "arsip")
    assert "sudah selesai" in first.get(LESSON).text
    assert "sudah selesai" not in second.get(LESSON).text


def test_a_name_is_text_wherever_it_stands(app, session, course, learner):
    client = sign_in(app.test_client(), learner)
    enrol(client)
    session.get_one(Person, learner.id).name = '<b onclick="x">A & B</b>'
    session.commit()
    page = client.get(LESSON).text
    assert "<b onclick" not in page
    assert "&lt;b onclick=&#34;x&#34;&gt;A &amp; B&lt;/b&gt;" in page


def test_no_hole_is_left(readers):
    (first, _), _ = readers
    page = first.get(LESSON).text
    assert hole("")[:-1] not in page


def test_a_cookie_that_was_read_before_is_still_held_to_its_signature_and_its_age(app, course, learner):
    client = sign_in(app.test_client(), learner)
    assert client.get("/me").status_code == 200
    held = client.get_cookie("bina")
    assert held is not None
    cookie = held.value
    other = "A" if cookie[-5] != "A" else "B"  # the very last letter has bits that mean nothing
    for changed in (cookie[:-5] + other + cookie[-4:], cookie + "A", "A" + cookie):
        client.set_cookie("bina", changed)
        assert client.get("/me").status_code == 303
    client.set_cookie("bina", cookie)
    assert client.get("/me").status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31)):
        assert client.get("/me").status_code == 303


def test_the_answer_about_one_paper_tells_nothing_of_another(client, learner, other_learner):
    codes = {who.name: in_force(who) for who in (learner, other_learner)}
    for name, code in [*codes.items(), *codes.items()]:
        page = html.unescape(client.get(f"/verify/{code}").text)
        other = next(one for one in codes if one != name)
        assert name in page
        assert code in page  # the way to the other language leads back here
        assert other not in page
        assert codes[other] not in page


def test_packed_it_is_the_same_page_but_for_its_ids(readers):
    (first, _), _ = readers
    packed = first.get(LESSON, headers={"Accept-Encoding": "gzip, deflate, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding, Cookie"
    plain = first.get(LESSON)
    assert "Content-Encoding" not in plain.headers
    assert without_ids(gzip.decompress(packed.data).decode()) == without_ids(plain.text)
    assert len(packed.data) < 0.5 * len(plain.data)


@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=300), st.integers(1, 400)), max_size=8))
def test_pieces_in_any_order_are_one_file(pieces):
    texts = [text * times for _, text, times in pieces]
    ready = [pressed(t) if press else stored(t) for (press, *_), t in zip(pieces, texts, strict=True)]
    whole = b"".join(texts)
    assert gzip.decompress(packed(ready, whole)) == whole


def without_ids(page: str) -> str:
    return re.sub(r'(name="(operation|opened)" value=)"[^"]*"', r"\1", page)


def in_force(who: Somebody) -> str:
    """The code of a certificate of a person; its document is nothing to this page."""
    certificate_id = approved(earned(who))
    writing(lambda session: setattr(session.get_one(Certificate, certificate_id), "state", "issued"))
    return paper(certificate_id).code


@pytest.mark.parametrize("address", ["/", "/courses/", "/courses/contoh"])
def test_a_public_page_follows_the_editions_and_the_language(client, course, address):
    title = "Menata arsip (edisi kedua)"
    assert title not in client.get(address).text
    assert client.get(address).text == client.get(address).text
    source = sample_course()
    old = source.files["course.md"].decode()
    publish_folder(with_files(source, {"course.md": re.sub(r"(?m)^title: .*$", f"title: {title}", old)}))
    assert title in client.get(address).text
    client.set_cookie("language", "en")
    assert '<html lang="en"' in client.get(address).text


def test_who_is_not_enrolled_sees_a_form_and_a_visitor_none(app, client, course, learner):
    visitor, reader = client, sign_in(app.test_client(), learner)
    for _ in range(2):
        assert 'action="/learn/contoh/enrol"' not in visitor.get("/courses/contoh").text
        assert fields(reader.get("/courses/contoh").text)["operation"]

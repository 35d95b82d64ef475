"""Hostile strings wherever a person can put one: answered or refused, never a fault, written nowhere else.

Every page that comes back is judged whole, every Location must stay on this site, and the tables must be as
they were but for what the form is there to write.
"""

import html
import re
from urllib.parse import quote

import pytest
from sqlalchemy import update

from app.extensions import db
from courses.certification.models import Award, Certificate
from courses.people.models import SignInFailure
from tests.people import PASSWORD, fields, sign_in
from tests.publishing import publish_folder, sample_course, with_files
from tests.web.hostile import changed, complaints, encoded, leads_away, sample, sound, tables
from tests.web.journeys import enrol, finish, read, work

URLENCODED = "application/x-www-form-urlencoded"
TEXTS = ("blns", "sql_injection", "template_injection", "header_crlf", "path_traversal", "open_redirect")
# What corpora have rarely and a sample of them not at all; and what shows at once that it is not escaped.
OWN = [
    *(
        "\x00",
        "a\x00b",
        "\ud800",
        "\u202e",
        "\x7f\x85",
        "a\r\nb",
        "９" * 30,
        "//evil.example",
        "/\\evil.example",
    ),
    *(
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onfocus=alert(1) '",
        "{{ 7 * 7 }}",
        "%s%n",
    ),
]
MOST = 4  # of each corpus at the quick dose

VISITORS = [
    "/{}",
    "/courses/{}",
    "/verify/{}",
    "/verify/?code={}",
    "/media/{}/x.svg",
    "/media/" + "0" * 64 + "/{}",
    "/language/{}",
    "/language/en?next={}",
    "/login?next={}",
    "/?{}",
]
LEARNERS = [
    "/learn/{}/",
    "/learn/{}/arsip",
    "/learn/contoh/{}",
    "/learn/contoh/arsip?opened={}",
    "/learn/contoh/quiz/{}",
    "/learn/contoh/quiz/{}/attempt",
    "/learn/contoh/quiz/cek/result/{}",
    "/me/certificates/{}.pdf",
    "/login?next={}",
]
ADMINS = [
    "/admin/{}",
    "/admin/certificates/{}",
    "/admin/certificates?after={}",
    "/admin/certificates?state={}",
    "/me/certificates/{}.pdf",
]
PLACES = {"visitor": VISITORS, "learner": LEARNERS, "admin": ADMINS}


@pytest.mark.parametrize("role", PLACES)
def test_no_string_in_an_address_is_a_fault_or_writes(clients, role):
    client, before = clients[role], tables()
    for text in _texts(MOST):
        for address in sorted(_addresses(PLACES[role], text)):
            sound(client.get(address), address)
        client.get("/")  # shows what was said, so that it is not carried along
    assert changed(before) == set()


def test_no_string_signs_in_or_leads_away(app, learner):
    client, before, tries = app.test_client(), tables(), 0
    for text in _texts(2):
        form = fields(client.get("/login").text)
        for typed in ({"identifier": text, "password": "x"}, {"identifier": learner.nip, "password": text}):
            tries += 1
            answer = client.post(
                "/login",
                data=encoded({**form, **typed, "next": text}),
                content_type=URLENCODED,
                environ_overrides={"REMOTE_ADDR": f"10.0.0.{tries % 250}"},  # refusals are counted for each
            )
            assert sound(answer, text).status_code in {422, 429, 400}
    assert changed(before) == {"sign_in_failure"}
    assert db.session.query(SignInFailure).count() <= tries


@pytest.mark.parametrize("corpus", ["open_redirect", "header_crlf"])
def test_whoever_signs_in_stays_here(app, learner, corpus):
    for text in sample(corpus, 5):
        client = app.test_client()
        form = fields(client.get("/login").text) | {"identifier": learner.nip, "password": PASSWORD}
        answer = client.post("/login", data=encoded({**form, "next": text}), content_type=URLENCODED)
        if sound(answer, text).status_code == 400:
            assert "\x00" in text
            continue
        assert answer.status_code == 303, text
        assert [cookie.split("=")[0] for cookie in answer.headers.getlist("Set-Cookie")] == ["bina"]


def test_an_answer_is_kept_and_shown_as_it_was_written(clients):
    client, before = clients["learner"], tables()
    page, shown = "/learn/contoh/quiz/kata/attempt", 0
    for text in _texts(MOST):
        form = fields(client.get(page).text) | {"action": "save", "q-1": text}
        answer = sound(client.post(page, data=encoded(form), content_type=URLENCODED), text)
        if answer.status_code == 303:
            shown += 1
            written = _as_read(text) if text.strip() else ""  # white space alone is no answer
            assert _value(sound(client.get(page), text).text) == written
        else:
            assert answer.status_code in {400, 422}, text
    assert changed(before) == {"operation", "attempt", "response"}
    assert shown >= len(_texts(MOST)) // 2


def test_no_string_is_an_operation_an_opening_time_or_a_language(clients):
    client, before = clients["admin"], tables()
    for text in _texts(MOST):
        form = fields(client.get("/learn/contoh/simpan").text)
        for name, expected in (("operation", {422, 400}), ("opened", {303, 400})):
            body = encoded({**form, name: text})
            answer = client.post("/learn/contoh/simpan/done", data=body, content_type=URLENCODED)
            assert sound(answer, text).status_code in expected, (name, text)
        client.set_cookie("language", quote(text.encode("utf-8", "surrogatepass")))
        assert 'lang="id"' in sound(client.get("/learn/contoh/simpan"), text).text
        client.delete_cookie("language")
    assert changed(before) == set()


def test_a_reason_is_read_as_it_was_written_and_taken_for_nothing_else(clients):
    client = clients["admin"]
    number, code = db.session.query(Certificate.id, Certificate.code).one()
    db.session.rollback()
    before, shown, page = tables(), 0, f"/admin/certificates/{number}"
    for text in _texts(MOST):
        form = fields(client.get(page).text) | {"reason": text}
        answer = sound(client.post(f"{page}/revoke", data=encoded(form), content_type=URLENCODED), text)
        if answer.status_code == 303:
            shown += 1
            places = (("admin", page), ("visitor", f"/verify/{code}"), ("learner", "/me"))
            for seen in (sound(clients[role].get(place), text) for role, place in places):
                assert " ".join(_as_read(text).split()) in html.unescape(seen.text)
            _in_force_again()
        else:
            assert answer.status_code in {400, 422}, text
    assert changed(before) == {"operation", "audit_entry", "audit_head"}  # and the certificate, put back
    assert shown >= len(_texts(MOST)) // 2


def test_no_string_picks_an_award(clients):
    client, before = clients["admin"], tables()
    for text in _texts(MOST):
        form = fields(client.get("/learn/contoh/simpan").text) | {"award": text}
        answer = client.post("/admin/certificates/approve", data=encoded(form), content_type=URLENCODED)
        assert sound(answer, text).status_code in {303, 400, 404, 409, 422}, text
        client.get("/admin/certificates")  # says that nobody was picked
    assert changed(before) == {"operation"}  # which remembers that it did nothing


@pytest.mark.parametrize(
    "location",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "http://localhost.evil.example/",
        "http://localhost@evil.example/",
        "/x\r\nSet-Cookie: a=b",
    ],
)
def test_the_judge_of_locations_sees(location):
    assert leads_away(location)


@pytest.mark.parametrize(
    "location", ["/", "/me", "/a?b=c#d", "http://localhost/courses/", "/%09/evil.example"]
)
def test_the_judge_of_locations_lets_our_own_pass(location):
    assert not leads_away(location)


@pytest.mark.parametrize(
    "page",
    [
        "<script>alert(1)</script>",
        "<script src='https://evil.example/x.js'></script>",
        "<p onclick='x'>a</p>",
        "<p style='x'>a</p>",
        "<style>p{}</style>",
        "<a href='javascript:x'>a</a>",
        "<a href='&#106;avascript:x'>a</a>",
        "<a href='java\tscript:x'>a</a>",
        "<a href='data:text/html,x'>a</a>",
        "<a href='//evil.example'>a</a>",
        "<a href='/\\evil.example'>a</a>",
        "<img src='https://evil.example/a.png'>",
        "<img src='data:image/png;base64,x'>",
        "<img src='/media/x' srcset='//evil.example/p 1x'>",
        "<form action='https://evil.example/'></form>",
        "<button formaction='//evil.example'>a</button>",
        "<link rel='stylesheet' href='//evil.example/x.css'>",
        "<base href='/x/'>",
        "<iframe></iframe>",
        "<object></object>",
        "<svg><script>x</script></svg>",
        "<svg><a xlink:href='javascript:x'>a</a></svg>",
        "<meta http-equiv='refresh' content='0'>",
        "<!-- x -->",
    ],
)
def test_the_judge_of_pages_sees(page):
    assert complaints(f"<!doctype html><html lang='id'><body>{page}</body></html>")


@pytest.fixture
def clients(app, learner, admin):
    """A visitor, a learner who has a certificate and an open attempt at a text question, and an admin."""
    word = "---\ntitle: Kata\n---\n\n## Tulis apa saja. {#kata}\n\n= apa saja\n"
    publish_folder(with_files(sample_course(), {"91-kata.quiz.md": word}))
    made = {role: app.test_client() for role in PLACES}
    sign_in(made["learner"], learner)
    sign_in(made["admin"], admin)
    finish(made["learner"])
    base = "/learn/contoh/quiz/kata"
    made["learner"].post(f"{base}/start", data=fields(made["learner"].get(base).text))
    form = fields(made["learner"].get(f"{base}/attempt").text) | {"action": "submit"}
    made["learner"].post(f"{base}/attempt", data=form)
    work()
    page = made["admin"].get("/admin/certificates").text
    award = db.session.query(Award.id).scalar()
    db.session.rollback()
    made["admin"].post("/admin/certificates/approve", data=fields(page) | {"award": award})
    work()
    enrol(made["admin"])
    read(made["admin"], "arsip")
    made["learner"].post(f"{base}/start", data=fields(made["learner"].get(base).text))
    return made


def _texts(most: int) -> list[str]:
    return OWN + [text for corpus in TEXTS for text in sample(corpus, most)]


def _addresses(places: list[str], text: str) -> set[str]:
    """A text put into addresses, escaped, and with as much unescaped as a request line can carry."""
    written = text.encode("utf-8", "surrogatepass")
    spelt = {quote(written, safe="") or "%20", quote(written, safe="%/:;@&=+$,!*'()~.-_") or "%20"}
    # The test client takes what follows // for a host.
    return {place.format(one) for place in places for one in spelt if not place.format(one).startswith("//")}


def _as_read(text: str) -> str:
    """A text after its way through a form: what is no UTF-8 stays as it was escaped."""
    return re.sub("[\ud800-\udfff]", lambda lone: quote(lone[0].encode("utf-8", "surrogatepass")), text)


def _value(page: str) -> str:
    found = re.search(r'name="q-1" value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


def _in_force_again() -> None:
    db.session.execute(
        update(Certificate).values(state="issued", revoked_at=None, revoked_by=None, revoked_why=None)
    )
    db.session.commit()

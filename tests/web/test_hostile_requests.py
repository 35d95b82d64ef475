"""Requests that no browser sends: too large, broken, forged, with verbs nobody asked for. Never our fault.

Every answer, whatever it is, carries the headers of `app.security`.
"""

from datetime import timedelta
from io import BytesIO

import pytest
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from app.static_files import tree_hash
from courses import clock
from tests.people import fields, sign_in
from tests.web.hostile import changed, sound, tables
from tests.web.test_access import READS, WRITES

# What is refused before any query needs one engine.
no_matter_which_engine = pytest.mark.parametrize("application", ["sqlite"], indirect=True, scope="session")
VERBS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "BINA"]
MEGABYTE = 1024 * 1024
NO_ROUTES = {"/nowhere", "/static/x", f"/static/{tree_hash()}/bina.js", "//", "/."}
ADDRESSES = sorted({line[0] for line in (*READS.values(), *WRITES.values())} | NO_ROUTES)
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
PART = '--x\r\nContent-Disposition: form-data; name="q-%s"\r\n\r\n1\r\n'
THREE_THOUSAND_PARTS = ("".join(PART % number for number in range(3000)) + "--x--\r\n").encode()
ODD_TYPES = [
    "application/json",
    "text/plain",
    "text/xml",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=" + "x" * 300,
    'multipart/form-data; boundary="a\\"b"',
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=nothing",
    "",
    "\xff",
    "a" * 5000,
]
ODD_BODIES = [
    b"",
    b"\x00",
    b"\xff\xfe" * 50,
    b"=",
    b"&&&;;;===",
    b"csrf_token",
    b"csrf_token=%",
    b"csrf_token=%00&operation=%00",
    b"{",
    b'{"csrf_token": [1]}',
    b"--x\r\n",
    b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--",
    b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n1',
    b"--x\r\nContent-Disposition: form-data; name=file; filename*=utf-8''%ff%00\r\n\r\n1\r\n--x--\r\n",
]
ODD_HEADERS = [
    {"Referer": "http://[evil"},
    {"Referer": "http://localhost:port/"},
    {"Referer": "javascript:alert(1)"},
    {"Referer": "http://localhost//evil.example/"},
    {"Host": "evil.example"},
    {"Host": "[::1"},
    {"Host": "a b"},
    {"Host": ""},
    {"Accept": "*/*;q=x, text/;, ,"},
    {"Accept-Language": "x" * 2000},
    {"Accept-Encoding": "br;q=nan, gzip;q=-1"},
    {"Cookie": "bina=; bina==; language=\xff; =; ;;;"},
    {"Cookie": "bina=" + "A" * 4000},
    {"Cookie": "bina=eyJfdXNlcl9pZCI6MX0.x.y; language=en"},
    {"Range": "bytes=9-1,-0,x"},
    {"If-Modified-Since": "yesterday"},
    {"If-None-Match": 'W/"'},
    {"Content-Length": "-1"},
    {"Content-Length": "x"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "javascript", "X-Forwarded-For": "' OR 1=1"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"Authorization": "Basic ////"},
]


@pytest.mark.parametrize("role", ["visitor", "learner", "admin"])
def test_no_verb_on_any_route_is_a_fault_or_writes(people_here, role):
    client, before = people_here(role), tables()
    for verb in VERBS:
        for address in ADDRESSES:
            sound(client.open(address, method=verb), verb, address)
    assert changed(before) == set()


@pytest.mark.parametrize("verb", ["HEAD", "OPTIONS", "TRACE"])
def test_these_verbs_bring_no_body(people_here, verb):
    client = people_here("learner")
    for address in ("/", "/courses/contoh", "/me", "/learn/contoh/arsip"):
        answer = client.open(address, method=verb)
        assert verb == "TRACE" or answer.data == b""
        assert "Cookie: " not in answer.text


@pytest.mark.parametrize("role", ["visitor", "learner", "admin"])
def test_a_form_without_its_token_is_refused_in_indonesian_and_changes_nothing(people_here, role):
    client, before = people_here(role), tables()
    for address, *_ in WRITES.values():
        for form in ({}, {"csrf_token": "x"}, {"csrf_token": ""}, {"operation": "0123456789abcdef"}):
            answer = sound(client.post(address, data=form), "POST", address)
            assert answer.status_code == 400, address
            assert "Permintaan itu tidak dapat dibaca" in answer.text
            assert 'lang="id"' in answer.text
    assert changed(before) == set()


def test_a_token_of_another_session_is_refused(people_here):
    theirs = fields(people_here("admin").get("/learn/contoh/arsip").text)
    assert people_here("learner").post("/learn/contoh/arsip/done", data=theirs).status_code == 400


@no_matter_which_engine
@pytest.mark.parametrize("kind", ODD_TYPES)
def test_no_body_of_an_odd_type_is_a_fault(people_here, kind):
    client = people_here("learner")
    for address in ("/login", "/learn/contoh/arsip/done", "/verify/"):
        for body in ODD_BODIES:
            sound(client.post(address, data=body, headers={"Content-Type": kind}), kind, body)
            sound(
                client.post(address, data=body, headers={"Content-Type": f"{kind}; boundary=x"}), kind, body
            )


@no_matter_which_engine
@pytest.mark.parametrize("headers", ODD_HEADERS, ids=lambda headers: "-".join(headers)[:30])
def test_no_odd_header_is_a_fault(people_here, headers):
    for role in ("visitor", "learner"):
        client = people_here(role)
        form = fields(client.get("/verify/").text)
        for address in ("/", "/me", "/learn/contoh/arsip", "/nowhere"):
            sound(client.get(address, headers=headers), headers, address)
        for address in ("/learn/contoh/enrol", "/logout"):
            answer = sound(client.post(address, data=form, headers=headers), headers, address)
            assert "evil" not in answer.headers.get("Location", "")


def test_a_huge_form_is_refused_with_413_and_the_reason(people_here):
    client = people_here("learner")
    form, before = fields(client.get("/learn/contoh/arsip").text), tables()
    for body, kind in (
        (b"a" * (17 * MEGABYTE), URLENCODED),
        (b"q-1=" + b"a" * (MEGABYTE + 1), URLENCODED),
        (b"&a" * (MEGABYTE // 4), URLENCODED),
        (b"--x\r\n" + b"a" * (17 * MEGABYTE), "multipart/form-data; boundary=x"),
    ):
        answer = sound(client.post("/learn/contoh/arsip/done", data=body, content_type=kind), kind)
        assert answer.status_code == 413
        assert "Terlalu besar" in answer.text
    answer = client.post("/learn/contoh/arsip/done", data=THREE_THOUSAND_PARTS, content_type=MULTIPART)
    assert sound(answer).status_code == 413
    assert changed(before) == set()
    assert client.post("/learn/contoh/arsip/done", data=form).status_code == 303


def test_thousands_of_fields_are_too_many_and_hundreds_change_only_what_they_name(people_here):
    client = people_here("learner")
    form, before = fields(client.get("/learn/contoh/arsip").text), tables()
    thousands = form | {f"field-{number}": "x" for number in range(5000)}
    assert sound(client.post("/learn/contoh/arsip/done", data=thousands)).status_code == 413
    assert changed(before) == set()
    hundreds = form | {f"field-{number}": "x" for number in range(900)} | {"person_id": "2", "passed": "1"}
    assert sound(client.post("/learn/contoh/arsip/done", data=hundreds)).status_code == 303
    assert changed(before) == {"completion", "operation"}


def test_an_upload_that_is_no_pdf_is_answered_and_kept_nowhere(people_here):
    client = people_here("visitor")
    form, before = fields(client.get("/verify/").text), tables()
    for content in (b"%PDF-", b"%PDF-1.7\n%%EOF", b"\x00" * 1000, b"<svg onload=alert(1)>", b"PK\x03\x04"):
        for name in ("../../x.pdf", "x\r\nSet-Cookie: a=b", "<script>.pdf", "", "x" * 3000):
            sound(client.post("/verify/", data={**form, "file": (BytesIO(content), name)}), name)
    assert changed(before) == set()


def test_a_cookie_signed_with_another_secret_is_no_session(app, client, learner):
    sign_in(client, learner)
    with client.session_transaction() as cookie:
        forged = dict(cookie)
    signing = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signing is not None
    client.set_cookie("bina", signing.dumps(forged))
    assert client.get("/me").status_code == 200  # this is how it is made ...
    other = URLSafeTimedSerializer(
        "another-secret-of-enough-bytes-0000000",
        salt=SecureCookieSessionInterface.salt,
        serializer=SecureCookieSessionInterface.serializer,
        signer_kwargs={"key_derivation": "hmac", "digest_method": SecureCookieSessionInterface.digest_method},
    )
    client.set_cookie("bina", other.dumps(forged))
    answer = sound(client.get("/me"))
    assert answer.location.startswith("/login")


def test_an_old_cookie_is_no_session(app, client, course, learner):
    sign_in(client, learner)
    form = fields(client.get("/courses/contoh").text)
    with clock.pinned(clock.now() + timedelta(days=31)):
        assert sound(client.get("/me")).location.startswith("/login")
        answer = sound(client.post("/learn/contoh/enrol", data=form))
        assert answer.location.startswith("/login")


@pytest.mark.parametrize(
    "number",
    ["0", "-1", str(2**63 - 1), str(2**63), "9" * 30, "9" * 5000, "１", "1e3", "0x1"],
)
def test_no_number_is_a_fault(people_here, number):
    client = people_here("admin")
    form, before = fields(client.get("/learn/contoh/arsip").text), tables()
    for address in (
        f"/admin/certificates/{number}",
        f"/admin/certificates?after={number}",
        f"/admin/certificates?after={number}&state=issued",
        f"/learn/contoh/quiz/cek/result/{number}",
    ):
        sound(client.get(address), address)
    for address in (f"/admin/awards/{number}/decline", f"/admin/certificates/{number}/revoke"):
        sound(client.post(address, data=form | {"reason": "x"}), address)
    sound(client.post("/admin/certificates/approve", data=form | {"award": number}), number)
    assert changed(before) <= {"operation"}  # which remembers that nobody was picked


@pytest.fixture
def people_here(app, course, learner, admin):
    """A client for each role; a learner and an admin are in the middle of the sample course."""
    ready = {}

    def client_of(role):
        if role not in ready:
            ready[role] = app.test_client()
            if role != "visitor":
                sign_in(ready[role], {"learner": learner, "admin": admin}[role])
                page = ready[role].get("/courses/contoh").text
                ready[role].post("/learn/contoh/enrol", data=fields(page))
        return ready[role]

    return client_of

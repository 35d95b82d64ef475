"""Bytes on the wire that no client would send: granian and the application answer or hang up, and go on.

What comes back is never a fault of ours, and afterwards the server serves as before, with the same processes.
"""

import re
import socket

import psutil
import pytest

from tests.web.granian import Visitor, served
from tests.web.hostile import tables

MEGABYTE = 1024 * 1024
HOST = b"Host: 127.0.0.1\r\n"
LAST = b"Connection: close\r\n"
FORM = HOST + LAST + b"Content-Type: application/x-www-form-urlencoded\r\n"
CHUNKED = FORM + b"Transfer-Encoding: chunked\r\n"

GETS = {
    "absolute form": b"GET http://evil.example/me HTTP/1.1\r\n" + HOST,
    "another host": b"GET /courses HTTP/1.1\r\nHost: evil.example\r\n",
    "no host": b"GET / HTTP/1.1\r\n",
    "two hosts": b"GET / HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n",
    "HTTP/1.0": b"GET / HTTP/1.0\r\n",
    "two slashes": b"GET //evil.example/%2e%2e HTTP/1.1\r\n" + HOST,
    "two slashes to a redirect": b"GET //evil.example/..//courses HTTP/1.1\r\n" + HOST,
    "broken percent": b"GET /%zz%%%1 HTTP/1.1\r\n" + HOST,
    "no UTF-8": b"GET /courses/%ff%fe%c0%af HTTP/1.1\r\n" + HOST,
    "raw bytes": b"GET /courses/\xff\xfe HTTP/1.1\r\n" + HOST,
    "NUL": b"GET /verify/%00 HTTP/1.1\r\n" + HOST,
    "line breaks": b"GET /language/en?next=/%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\n" + HOST,
    "climbing": b"GET /static/../../../../etc/passwd HTTP/1.1\r\n" + HOST,
    "climbing, escaped": b"GET /media/..%2f..%2f..%2fetc%2fpasswd/x HTTP/1.1\r\n" + HOST,
    "a fragment": b"GET /#/../me HTTP/1.1\r\n" + HOST,
    "everything": b"OPTIONS * HTTP/1.1\r\n" + HOST,
    "a tunnel": b"CONNECT 127.0.0.1:22 HTTP/1.1\r\n" + HOST,
    "an upgrade": b"GET / HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: websocket\r\n",
    "a preface of HTTP/2": b"PRI * HTTP/2.0\r\n",
    "a thousand headers": b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X-%d: x\r\n" % n for n in range(1000)),
    "a long header": b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 300_000 + b"\r\n",
    "a long address": b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\n" + HOST,
    "a folded header": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n",
    "a bare line feed": b"GET / HTTP/1.1\nHost: x\n",
    "no words": b"\x00\x01\x02\x03\r\n",
    "TLS": b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
}
POSTS = {
    "chunks of a form": CHUNKED + b"\r\n5\r\nnext=\r\n1\r\n/\r\n0\r\n\r\n",
    "chunks that end early": CHUNKED + b"\r\nff\r\nnext=",
    "chunks of no size": CHUNKED + b"\r\nzz\r\nnext=\r\n0\r\n\r\n",
    "a chunk of every size": CHUNKED + b"\r\nffffffffffffffffff\r\nnext=\r\n0\r\n\r\n",
    "two lengths": FORM + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nnext=/",
    "a length and chunks": CHUNKED
    + b"Content-Length: 5\r\n\r\n0\r\n\r\nGET /me HTTP/1.1\r\n"
    + HOST
    + b"\r\n",
    "a length below zero": FORM + b"Content-Length: -1\r\n\r\nnext=",
    "a length that is none": FORM + b"Content-Length: x\r\n\r\nnext=",
    "more than was said": FORM + b"Content-Length: 2\r\n\r\nnext=/me",
    "less than was said": FORM + b"Content-Length: 2000\r\n\r\nnext=",
    "a length without a body": FORM + b"Content-Length: 999999999999\r\n\r\n",
    "a wait for leave": FORM + b"Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n",
    "no type": HOST + LAST + b"Content-Length: 5\r\n\r\nnext=",
}


@pytest.mark.parametrize("name", GETS)
def test_no_head_is_a_fault(site, name):
    for status, head in _answers(site, GETS[name] + LAST + b"\r\n"):
        assert status < 500
        assert b"evil.example" not in _header(head, b"location") or name == "another host"
        assert b"set-cookie: a=b" not in head.lower()


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize("path", [b"/login", b"/verify/", b"/learn/contoh/arsip/done"])
def test_no_body_is_a_fault(site, name, path):
    for status, _ in _answers(site, b"POST " + path + b" HTTP/1.1\r\n" + POSTS[name]):
        assert status < 500


def test_chunks_are_counted_too(site):
    """Nobody said how long it would be: it is not read at all, or up to the limit of forms."""
    some = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    answers = _answers(site, b"POST /login HTTP/1.1\r\n" + CHUNKED + b"\r\n" + some * 40 + b"0\r\n\r\n")
    assert [status for status, _ in answers] in ([400], [413])


@pytest.mark.parametrize(
    ("name", "status"), [("no UTF-8", 404), ("NUL", 404), ("HTTP/1.0", 200), ("climbing, escaped", 404)]
)
def test_what_is_answered_is_heard_here(site, name, status):
    assert [said for said, _ in _answers(site, GETS[name] + LAST + b"\r\n")] == [status]


def test_afterwards_the_same_processes_serve_as_before(site):
    with site.app.app_context():
        before = tables()
    processes = {one.pid for one in psutil.Process(site.server.pid).children()}
    for sent in (*GETS.values(), *(b"POST /login HTTP/1.1\r\n" + post for post in POSTS.values())):
        _answers(site, sent + LAST + b"\r\n", patience=0.2)
    who = Visitor(site.port)
    assert who.get("/courses/contoh").status == 200
    assert {one.pid for one in psutil.Process(site.server.pid).children()} == processes
    with site.app.app_context():
        assert tables() == before


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served("sqlite", tmp_path_factory.mktemp("site")) as made:
        yield made


def _answers(site, sent: bytes, patience: float = 1) -> list[tuple[int, bytes]]:
    """Send bytes and read what comes until the other end hangs up or falls silent: statuses and heads."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
        came = b""
        try:
            connection.sendall(sent)
            connection.settimeout(patience)
            while part := connection.recv(65536):
                came += part
        except OSError:
            pass
    heads = re.findall(rb"HTTP/1\.[01] (\d{3})([^\r]*\r\n.*?)\r\n\r\n", came, re.DOTALL)
    return [(int(status), head) for status, head in heads]


def _header(head: bytes, name: bytes) -> bytes:
    found = re.search(rb"\r\n" + name + rb": ([^\r]*)", head, re.IGNORECASE)
    return found[1] if found else b""

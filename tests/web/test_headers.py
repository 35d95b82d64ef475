"""What every answer carries, error pages too: policy, no sniffing, no storing of private pages."""

import re

import pytest

from tests.people import sign_in

PAGES = [
    "/",
    "/courses/",
    "/courses/contoh",
    "/courses/missing",
    "/login",
    "/me",
    "/learn/contoh/",
    "/learn/contoh/arsip",
    "/admin/certificates",
    "/verify/",
    "/verify/unknown",
    "/nowhere",
    "/healthz",
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["visitor", "learner"])
def test_every_page_is_protected(client, course, learner, page, who):
    if who == "learner":
        sign_in(client, learner)
    answer = client.get(page)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Permissions-Policy" in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_inline_script_or_style(client, course, learner, page):
    sign_in(client, learner)
    html = client.get(page).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)


def test_the_cookie_is_ours_alone(client, course, learner):
    answer = client.get("/login")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_form_without_its_token_is_refused_and_changes_nothing(client, course, learner):
    sign_in(client, learner)
    answer = client.post("/learn/contoh/enrol", data={"operation": "0123456789abcdef"})
    assert answer.status_code == 400
    assert "Location" not in answer.headers

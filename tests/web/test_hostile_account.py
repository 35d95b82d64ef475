"""Hostile strings where a person looks after their account: a refusal or nothing, never a fault."""

from urllib.parse import quote

import pytest

from tests.people import fields, sign_in
from tests.web.hostile import changed, encoded, sample, sound, tables
from tests.web.test_hostile_strings import OWN, TEXTS, URLENCODED

MOST = 3


def texts() -> list[str]:
    return OWN + [text for corpus in TEXTS for text in sample(corpus, MOST)]


@pytest.fixture
def mine(client, learner):
    return sign_in(client, learner)


def post(client, page: str, address: str, said: dict[str, str], **more: object):
    form = fields(client.get(page).text) | said
    return sound(client.post(address, data=encoded(form), content_type=URLENCODED, **more), said)


@pytest.mark.parametrize("field", ["language", "theme"])
def test_no_string_is_a_language_or_a_theme(mine, field):
    before = tables()
    for text in texts():
        said = {"language": "id", "theme": "", field: text}
        assert post(mine, "/account", "/account/display", said).status_code in {400, 422}, text
    assert changed(before) == set()


def test_no_string_is_the_old_password_and_none_comes_back(mine):
    before = tables()
    for number, text in enumerate(texts()):
        said = {"old": text, "new": text}
        where = {"REMOTE_ADDR": f"10.0.0.{number % 250}"}
        answer = post(mine, "/account", "/account/password", said, environ_overrides=where)
        assert answer.status_code in {400, 422, 429}, text
        assert len(text) < 8 or text not in answer.text
    assert changed(before) == {"sign_in_failure"}


def test_no_string_is_a_session_or_a_place_in_the_list_of_looks(mine):
    before, form = tables(), fields(mine.get("/account").text)
    for text in texts():
        written = quote(text.encode("utf-8", "surrogatepass"), safe="")
        sound(mine.get(f"/account/looks?before={written}"), text)
        ended = mine.post(f"/account/sessions/{written or 'x'}/end", data=form)
        assert sound(ended, text).status_code in {303, 308, 404, 409}, text
    assert mine.get("/account").status_code == 200
    assert changed(before) <= {"operation"}

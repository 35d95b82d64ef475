"""What people do, as steps that tests share: enrol, read, take a quiz, decide about a certificate."""

import html
import re
from datetime import timedelta

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.cli.worker import run_next
from app.extensions import db
from courses import clock
from courses.catalogue.models import QuestionRow
from tests.people import fields


def post(client: FlaskClient, page: str, to: str, **form: object) -> TestResponse:
    """Open a page, take its hidden fields, and post to an address with them."""
    opened = client.get(page)
    assert opened.status_code == 200, (page, opened.status_code)
    return client.post(to, data={**fields(opened.text), **form})


def enrol(client: FlaskClient, course: str = "contoh") -> None:
    """Enrol in a course."""
    answer = post(client, f"/courses/{course}", f"/learn/{course}/enrol")
    assert answer.status_code == 303


def read(client: FlaskClient, lesson: str, course: str = "contoh") -> TestResponse:
    """Read a lesson and mark it done."""
    return post(client, f"/learn/{course}/{lesson}", f"/learn/{course}/{lesson}/done")


def start(client: FlaskClient, quiz: str, course: str = "contoh") -> str:
    """Start an attempt and return its page."""
    base = f"/learn/{course}/quiz/{quiz}"
    assert post(client, base, f"{base}/start").status_code == 303
    return client.get(f"{base}/attempt").text


def submit(
    client: FlaskClient, quiz: str, answers: dict[str, object], course: str = "contoh"
) -> TestResponse:
    """Submit answers (field name -> value) to the open attempt."""
    base = f"/learn/{course}/quiz/{quiz}/attempt"
    return post(client, base, base, action="submit", **answers)


def right_answers(page: str, holder: str) -> dict[str, object]:
    """The right answers to the questions on an attempt's page, by looking where no learner can: the key."""
    keys = {row.shown["heading"]: row for row in db.session.query(QuestionRow).filter_by(holder=holder)}
    answers: dict[str, object] = {}
    for block in re.findall(r"<fieldset.*?</fieldset>", page, re.DOTALL):
        row = next(row for heading, row in keys.items() if heading in block)
        name = re.search(r'name="(q-\d+)"', block)
        assert name is not None
        answers[name[1]] = _right(block, row)
    db.session.rollback()  # what comes next is to be seen
    return answers


def finish(client: FlaskClient, course: str = "contoh") -> None:
    """Walk the sample course to its end: everything read, every quiz right."""
    enrol(client, course)
    for lesson in ("arsip", "simpan"):
        past_minimum(client, lesson, course)
    start(client, "cek", course)
    submit(client, "cek", {"q-1": "2"}, course)
    past_minimum(client, "susut", course)
    page = start(client, "ujian", course)
    answer = submit(client, "ujian", right_answers(page, "bank/arsip"), course)
    assert answer.status_code == 303


def past_minimum(client: FlaskClient, lesson: str, course: str = "contoh") -> None:
    """Read a lesson for two minutes, then mark it done."""
    page = f"/learn/{course}/{lesson}"
    form = fields(client.get(page).text)
    with clock.pinned(clock.now() + timedelta(minutes=2)):
        answer = client.post(f"{page}/done", data=form)
    assert answer.status_code == 303, answer.text


def work() -> None:
    """Let the worker do everything that is due."""
    db.session.rollback()
    while run_next():
        pass


def _right(block: str, row: QuestionRow) -> object:
    if row.type in {"single", "several"}:
        choices = re.findall(r'value="([^"]+)".*?<label[^>]*>(.*?)</label>', block, re.DOTALL)
        wanted = {
            choice
            for choice, key in zip(row.shown["choices"], row.key["answers"], strict=True)
            if key["right"]
        }
        return [
            token for token, label in choices if html.unescape(label) in {html.unescape(w) for w in wanted}
        ]
    first = row.key["answers"][0]
    return first["text"] if row.type == "text" else first["low"]

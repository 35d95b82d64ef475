"""Whether the door tells who exists: refused sign-ins of people we know and of people we do not, in turn."""

import re
import time
from collections.abc import Iterator

from flask.testing import FlaskClient
from sqlalchemy import update

from app import create_app
from app.extensions import db
from bench.acts import Act
from bench.town import Town, writing
from courses.people.models import Person
from courses.people.passwords import hash_password

TOKENS = re.compile(rb'value="[\w.-]{40,}"|warg[ai]\d+@')
KNOWN, UNKNOWN = "refused sign-in, known", "refused sign-in, unknown"


def refusals(town: Town, each: int) -> Iterator[Act]:
    """Refuse so many of each, one after the other. Everybody comes from their own address."""
    known, unknown = Act(KNOWN), Act(UNKNOWN)
    app = create_app(town.settings)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        with writing() as session:
            session.execute(update(Person).values(password_hash=hash_password("kata sandi yang benar")))
        client = app.test_client()
        for number in range(1, each + 1):
            answers = {
                _refused(client, act, name, number) for act, name in ((known, "warga"), (unknown, "wargi"))
            }
            assert len(answers) == 1, "the two answers differ"
        db.session.remove()
        db.engine.dispose()
    yield known
    yield unknown


def _refused(client: FlaskClient, act: Act, name: str, number: int) -> bytes:
    form = {"identifier": f"{name}{number}@bina.example", "password": "kata sandi yang lain"}
    address = {"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
    began = time.perf_counter()
    answer = client.post("/login", data=form, environ_overrides=address)
    act.wall_ms.append(1000 * (time.perf_counter() - began))
    assert answer.status_code == 422, answer.status_code
    return TOKENS.sub(b"", answer.data)

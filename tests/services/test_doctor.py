"""`flask doctor`: well when all is well, and each illness named by the check that is for it."""

import json
import shutil
import sys
from collections import namedtuple
from datetime import timedelta

import pytest

from app.cli.setup import newest_revision
from app.extensions import db
from app.services import services
from courses import audit, clock
from courses.certification.keys import KEY_FILE
from courses.certification.models import Award, Certificate
from courses.certification.signed import register_key
from courses.jobs import post
from courses.jobs.models import Outbox
from tests.people import sign_in
from tests.services.crowd import writing
from tests.services.engines import only
from tests.web.journeys import finish, work


@pytest.fixture
def well(app):
    writing(lambda session: register_key(session, services().signing_key))
    writing(lambda session: audit.record(session, "test", ("test", 1)))
    return app


def findings(app, code: int) -> dict[str, str]:
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=["doctor", "--json"])
    assert result.exit_code == code, result.output
    return {one["name"]: one["level"] for one in json.loads(result.stdout)}


def test_all_is_well(well):
    found = findings(well, 0)
    assert found.pop("settings") == "warn"  # development
    assert found.pop("disk") in {"ok", "warn"}
    assert set(found.values()) == {"ok"}


def test_a_line_for_each_check(well):
    lines = well.test_cli_runner().invoke(args=["doctor"]).stdout.splitlines()
    assert len(lines) == 11
    assert all(line.split()[0] in {"ok", "warn", "fail"} and ": " in line for line in lines)
    assert f"at migration {newest_revision()}" in lines[1]


def test_a_key_that_others_may_read(well):
    key = services().keys / KEY_FILE
    key.chmod(0o644)
    try:
        assert findings(well, 1)["signing key"] == "fail"
    finally:
        key.chmod(0o600)


def test_a_key_that_the_register_does_not_know(app):
    assert services().signing_key
    assert findings(app, 1)["signing key"] == "fail"


def test_a_trail_that_was_changed(well):
    writing(lambda session: session.execute(db.text("UPDATE audit_entry SET actor_id = 99")))
    assert findings(well, 1)["trail"] == "fail"


def test_a_job_that_nobody_does_and_one_that_fails(well):
    writing(lambda session: post(session, "course_completed", enrolment_id=1))
    assert findings(well, 0)["worker"] == "ok"

    def make_old(session) -> None:
        row = session.query(Outbox).one()
        row.due_at = clock.now() - timedelta(minutes=6)
        row.trouble = "ValueError"

    writing(make_old)
    found = findings(well, 1)
    assert (found["worker"], found["outbox"]) == ("fail", "warn")


def test_a_clock_that_went_back(well):
    with clock.pinned(clock.now() - timedelta(days=1)):
        assert findings(well, 1)["clock"] == "fail"


def test_a_disk_that_is_full(well, monkeypatch):
    usage = namedtuple("usage", "free")
    for free, level, code in ((10**8, "fail", 1), (10**9, "warn", 0), (10**12, "ok", 0)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: usage(free))
        assert findings(well, code)["disk"] == level


def test_a_database_behind_the_code(well, monkeypatch):
    monkeypatch.setattr(sys.modules["app.cli.doctor"], "newest_revision", lambda: "9999")
    assert findings(well, 1)["database"] == "fail"


def test_a_certificate_that_was_changed_on_the_disk(well, client, course, learner):
    from app.issuer import issuer
    from courses.certification.issuing import approve

    finish(sign_in(client, learner))
    work()
    award = db.session.query(Award.id).scalar()
    db.session.rollback()
    writing(lambda session: approve(session, award, issuer(), by=0))
    work()
    name = db.session.query(Certificate.pdf_sha256).scalar()
    assert findings(well, 0)["certificates"] == "ok"
    path = services().settings.data_dir / "objects" / name[:2] / name
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert findings(well, 1)["certificates"] == "fail"
    path.unlink()
    assert findings(well, 1)["certificates"] == "fail"


@only("sqlite")
def test_rows_that_refer_to_nothing(well):
    with db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("INSERT INTO unit (parent_id, name) VALUES (999, 'x')")
        connection.commit()
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        connection.exec_driver_sql("BEGIN")
    assert findings(well, 1)["integrity"] == "fail"


def test_a_database_that_is_away_is_said_in_a_line(well, monkeypatch):
    from sqlalchemy.exc import OperationalError

    def away():
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(sys.modules["app.cli.doctor"], "revisions", away)
    assert findings(well, 1)["database"] == "fail"

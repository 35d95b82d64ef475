"""A certificate waits for the days that its hours want, says when it comes and why, and comes by itself."""

from datetime import timedelta

import pytest

from app.extensions import db
from courses import clock
from courses.certification.models import Award
from tests.people import sign_in
from tests.publishing import publish_folder, sample_course, with_files
from tests.web.journeys import finish, work


@pytest.fixture
def long_course(app, monkeypatch):
    monkeypatch.setattr("config.Settings.hours_a_day", property(lambda _: 3))
    text = sample_course().files["course.md"].decode().replace("hours: 1", "hours: 6")
    return publish_folder(with_files(sample_course(), {"course.md": text}))


def test_six_hours_in_one_day_wait_for_the_next(app, long_course, learner):
    client = sign_in(app.test_client(), learner)
    finish(client)
    work()
    assert db.session.query(Award).count() == 0
    page = client.get("/me").text
    assert "Dibuat mulai" in page
    assert "paling banyak 3 JP sehari" in page
    with clock.pinned(clock.now() + timedelta(days=1)):
        work()
        assert db.session.query(Award).count() == 1
        db.session.rollback()
        page = client.get("/me").text
    assert "Dibuat mulai" not in page
    assert "Menunggu persetujuan" in page


def test_a_short_course_does_not_wait(app, course, learner, monkeypatch):
    monkeypatch.setattr("config.Settings.hours_a_day", property(lambda _: 3))
    client = sign_in(app.test_client(), learner)
    finish(client)
    work()
    assert db.session.query(Award).count() == 1


def test_home_names_what_closes_the_gap(app, course, learner):
    client = sign_in(app.test_client(), learner)
    assert "menyelesaikannya" not in client.get("/").text
    hours = sample_course().files["course.md"].decode().replace("hours: 1", "hours: 20")
    publish_folder(with_files(sample_course(), {"course.md": hours}))
    page = client.get("/").text
    assert "Pelatihan ini menyelesaikannya" in page
    assert 'href="/courses/contoh"' in page

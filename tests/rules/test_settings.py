"""Settings: typed, and production starts with nothing known, short or missing."""

import pytest

from config import DEVELOPMENT_SECRET, BadSettings, load

GOOD = {
    "BINA_ENV": "production",
    "BINA_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "BINA_BASE_URL": "https://bina.example.go.id/",
}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    import os

    for name in list(os.environ):
        if name.startswith("BINA_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"BINA_SECRET_KEY": None}, "BINA_SECRET_KEY is missing"),
        ({"BINA_SECRET_KEY": ""}, "BINA_SECRET_KEY is missing"),
        ({"BINA_SECRET_KEY": "short"}, "shorter than 32 bytes"),
        ({"BINA_SECRET_KEY": DEVELOPMENT_SECRET}, "known development value"),
        ({"BINA_BASE_URL": None}, "BINA_BASE_URL"),
        ({"BINA_BASE_URL": "http://bina.example.go.id"}, "https://"),
        ({"BINA_PORT": "0"}, "BINA_PORT"),
        ({"BINA_PORT": "many"}, "BINA_PORT"),
        ({"BINA_ENV": "staging"}, "BINA_ENV"),
        ({"BINA_TIMEZONE": "Mars/Olympus"}, "BINA_TIMEZONE"),
        ({"BINA_LESSON_MINIMUM": "-1"}, "BINA_LESSON_MINIMUM"),
        ({"BINA_METRICS_TOKEN": "guess"}, "BINA_METRICS_TOKEN"),
        ({"BINA_PROXIES": "-1"}, "BINA_PROXIES"),
    ],
)
def test_what_production_refuses(monkeypatch, changed, said):
    for name, value in (GOOD | changed).items():
        if value is not None:
            monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as refused:
        load()
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_production_takes(monkeypatch):
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    settings = load()
    assert settings.production
    assert settings.https
    assert settings.public_url == "https://bina.example.go.id"
    assert settings.least_seconds == 30


def test_development_needs_nothing_and_hurries_nobody():
    settings = load()
    assert not settings.production
    assert settings.secret == DEVELOPMENT_SECRET
    assert settings.database.startswith("sqlite:///")
    assert settings.least_seconds == 0


def test_a_secret_is_never_made_up(monkeypatch):
    monkeypatch.setenv("BINA_ENV", "production")
    for _ in range(2):
        with pytest.raises(BadSettings):
            load()

"""The files of `deploy/` name what exists: settings, paths, commands, services."""

import re

import pytest
from ruamel.yaml import YAML

from app.cli import COMMANDS
from config import ROOT, Settings

DEPLOY = ROOT / "deploy"
FILES = [path for path in DEPLOY.rglob("*") if path.is_file()]


def compose() -> dict:
    return YAML(typ="safe").load((DEPLOY / "compose.yaml").read_text())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path):
    named = set(re.findall(r"\bBINA_[A-Z_]+", path.read_text()))
    assert named <= {f"BINA_{name.upper()}" for name in Settings.model_fields}


def test_the_container_holds_what_exists_and_all_that_runs():
    text = (DEPLOY / "Containerfile").read_text()
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE) for name in line.split()
    }
    assert copied == {"requirements.txt", "config.py", "wsgi.py", "app", "content", "courses", "migrations"}
    assert all((ROOT / name).exists() for name in copied)
    allowed = (DEPLOY / "Containerfile.dockerignore").read_text().split()
    assert {line[1:] for line in allowed if line.startswith("!")} == copied
    assert re.search(r"^USER bina$", text, re.MULTILINE)
    assert "HEALTHCHECK" in text


def test_the_services_belong_together():
    services, volumes = compose()["services"], compose()["volumes"]
    commands = set(COMMANDS)
    for name, service in services.items():
        for needed in service.get("depends_on", {}):
            assert needed in services, (name, needed)
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in volumes or source.startswith("./"), (name, source)
        if "command" in service:
            assert service["command"][0] == "flask"
            assert service["command"][1] in commands
    assert services["app"]["deploy"]["replicas"] == 2


def test_production_starts_with_the_example_once_it_is_filled_in():
    lines = (DEPLOY / "bina.env.example").read_text().splitlines()
    said = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    said |= {"BINA_SECRET_KEY": "x" * 64, "BINA_METRICS_TOKEN": "y" * 48}
    values = {name[5:].lower(): value for name, value in said.items() if name.startswith("BINA_")}
    settings = Settings.model_validate(values)
    assert settings.production
    user, password = said["POSTGRES_USER"], said["POSTGRES_PASSWORD"]
    assert settings.database == f"postgresql+psycopg://{user}:{password}@database/{said['POSTGRES_DB']}"
    assert "database" in compose()["services"]


def test_nginx_sends_no_more_than_bina_takes_and_says_who_asks():
    text = (DEPLOY / "nginx" / "bina.conf").read_text()
    assert text.count("{") == text.count("}")
    assert "client_max_body_size 16m;" in text
    for header in ("Host $host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme"):
        assert f"proxy_set_header {header};" in text
    assert "server app:8000;" in text


@pytest.mark.parametrize("unit", ["bina.service", "bina-backup.service"])
def test_units_start_what_exists_as_a_user_without_rights(unit):
    text = (DEPLOY / "systemd" / unit).read_text()
    assert "\nUser=bina\n" in text
    assert "\nNoNewPrivileges=yes\n" in text
    assert "\nProtectSystem=strict\n" in text
    for path in re.findall(r"/opt/bina/(app/\S+|docs/\S+)", text) + re.findall(r"-P (\S+)", text):
        assert (ROOT / path).exists(), path

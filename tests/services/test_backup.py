"""Backups: one state while people write, verified to the last byte, back on either engine, all or nothing."""

import gzip
import hashlib
import io
import json
import random
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask

from app import create_app
from app.extensions import db
from app.services import services
from courses import audit
from courses.certification.keys import KEY_FILE
from courses.database import Base, begin_writing
from courses.keeping import archive
from courses.keeping.tables import lines_of, tables
from courses.keeping.values import codec
from courses.people.models import Unit
from tests.conftest import postgres_database, settings_for
from tests.services.crowd import writing
from tests.web.journeys import finish, work


def said(app: Flask, *words: object):
    """Run a command as on a terminal of its own."""
    with app.app_context():
        db.session.rollback()
        result = app.test_cli_runner().invoke(args=[str(word) for word in words])
        db.session.remove()
    return result


def rows(app: Flask) -> dict[str, list[bytes]]:
    """Every row of every table, in the words of a backup."""
    with app.app_context(), db.engine.connect() as connection:
        return {table.name: list(lines_of(connection, table)) for table in tables()}


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@contextmanager
def empty_host(engine: str, folder: Path) -> Iterator[Flask]:
    """A host on which nothing was ever started."""
    if engine == "sqlite":
        yield create_app(settings_for(folder))
        return
    with postgres_database() as url:
        made = create_app(settings_for(folder, database_url=url))
        yield made
        with made.app_context():
            db.engine.dispose()


@pytest.fixture
def lived_in(app, course, learner, client) -> Flask:
    """An installation with a course, a learner who finished it, a key, and an award."""
    from tests.people import sign_in

    assert services().signing_key
    sign_in(client, learner)
    finish(client)
    work()
    with_parents()
    db.session.rollback()
    return app


def with_parents() -> None:
    """Units of which an older one lies under a newer one: a row that refers forwards."""
    db.session.rollback()
    begin_writing(db.session())
    below = Unit(name="Bidang Ñusa – “uji”")
    db.session.add(below)
    db.session.flush()
    above = Unit(name="OPD di atasnya")
    db.session.add(above)
    db.session.flush()
    below.parent_id = above.id
    audit.record(db.session(), "unit.move", ("unit", below.id), by_hand=True)
    db.session.commit()


@pytest.fixture
def backed_up(lived_in, tmp_path) -> Path:
    file = tmp_path / "bina.tar.gz"
    result = said(lived_in, "backup", file)
    assert result.exit_code == 0, result.output
    return file


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_restored_on_an_empty_host_of_either_engine_it_is_the_same(lived_in, backed_up, tmp_path, engine):
    before = rows(lived_in)
    with empty_host(engine, tmp_path / "new") as there:
        result = said(there, "restore", backed_up, "--json")
        assert result.exit_code == 0, result.output
        assert json.loads(result.stdout)["rows"] == sum(len(lines) - 1 for lines in before.values())
        assert rows(there) == before
        assert said(there, "audit", "verify").exit_code == 0
        with lived_in.app_context():
            objects, key = services().objects, services().keys / KEY_FILE
        with there.app_context():
            mine = {name: services().objects.get(name) for name in services().objects.names()}
            assert mine == {name: objects.get(name) for name in objects.names()}
            restored_key = services().keys / KEY_FILE
            assert restored_key.read_bytes() == key.read_bytes()
            assert restored_key.stat().st_mode & 0o777 == 0o600
            unit_id = writing(lambda session: _add_unit(session, "Sesudahnya"))
            assert unit_id > max(json.loads(line)[0] for line in before["unit"][1:])
        assert said(there, "restore", backed_up).exit_code == 2


def _add_unit(session, name: str) -> int:
    unit = Unit(name=name)
    session.add(unit)
    session.flush()
    return unit.id


@contextmanager
def others_writing(app: Flask, act: Callable) -> Iterator[None]:
    """Two who commit this act again and again."""
    stop = Event()

    def keep_writing() -> None:
        with app.app_context():
            while not stop.is_set():
                writing(act)

    writers = [Thread(target=keep_writing) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        yield
    finally:
        stop.set()
        for writer in writers:
            writer.join()


def test_a_backup_under_writes_is_one_state(lived_in, tmp_path):
    """Each transaction adds two units and one entry of the trail: any other proportion is a torn state."""
    file = tmp_path / "bina.tar.gz"
    first = len(rows(lived_in)["unit"])

    def wait_for_more_than(units: int) -> None:
        while len(rows(lived_in)["unit"]) <= units:
            time.sleep(0.02)

    def two_and_one(session) -> None:
        one = _add_unit(session, f"Satu {random.random()}")
        _add_unit(session, f"Dua {random.random()}")
        audit.record(session, "unit.add", ("unit", one))

    before = rows(lived_in)
    with others_writing(lived_in, two_and_one):
        wait_for_more_than(first)
        result = said(lived_in, "backup", file)
        wait_for_more_than(len(rows(lived_in)["unit"]))
    assert result.exit_code == 0, result.output
    after = rows(lived_in)
    with empty_host("sqlite", tmp_path / "new") as there:
        assert said(there, "restore", file).exit_code == 0
        found = rows(there)
    for table in set(after) - {"audit_head"}:
        # Not the first so many: an id may have been taken by then whose transaction had not ended.
        assert set(found[table]) <= set(after[table]), table
    grown = {name: len(found[name]) - len(before[name]) for name in ("unit", "audit_entry")}
    assert grown["unit"] == 2 * grown["audit_entry"] > 0
    assert len(found["unit"]) < len(after["unit"])


def test_the_file_is_readable_by_its_owner_only_and_by_any_tar(backed_up):
    assert backed_up.stat().st_mode & 0o777 == 0o600
    listed = subprocess.run(["tar", "-tzf", backed_up], capture_output=True, text=True, check=True)
    names = listed.stdout.split()
    assert (names[-1], "keys/signing.pem" in names) == ("manifest.json", True)
    assert listed.stderr == ""
    assert files(backed_up.parent) == {backed_up.name}


def test_a_backup_never_takes_the_place_of_a_file(lived_in, backed_up):
    before = backed_up.read_bytes()
    assert "BackupExists" in said(lived_in, "backup", backed_up).stderr
    assert backed_up.read_bytes() == before


def test_a_folder_that_is_not_there_is_one_line(lived_in, tmp_path):
    result = said(lived_in, "backup", tmp_path / "missing" / "bina.tar.gz")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


def test_a_damaged_object_is_named_and_the_rest_is_kept(lived_in, tmp_path):
    with lived_in.app_context():
        name = min(services().objects.names())
        path = services().settings.data_dir / "objects" / name[:2] / name
    whole = path.read_bytes()
    path.write_bytes(whole + b"!")
    try:
        result = said(lived_in, "backup", tmp_path / "bina.tar.gz", "--json")
    finally:
        path.write_bytes(whole)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["missing"] == [name]
    with empty_host("sqlite", tmp_path / "new") as there:
        assert said(there, "restore", tmp_path / "bina.tar.gz").exit_code == 0


def refused(file: Path, folder: Path, word: str) -> None:
    """A restore of this file is one line, exit code 2, and writes nothing."""
    result = said(create_app(settings_for(folder)), "restore", file)
    assert result.exit_code == 2, (word, result.output)
    assert word in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not folder.exists() or files(folder) == set()


def test_a_changed_byte_anywhere_is_refused(backed_up, tmp_path):
    content, target = backed_up.read_bytes(), tmp_path / "changed.tar.gz"
    chosen = [*range(12), *range(len(content) - 70, len(content))]
    chosen += random.Random(7).sample(range(len(content)), 60)
    for place in chosen:
        target.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :])
        with pytest.raises(archive.BackupDamaged):
            archive.check_seal(target)
    for place in (chosen[3], chosen[-1]):
        target.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        refused(target, tmp_path / "new", "BackupDamaged")


@pytest.mark.parametrize("left", [0, 1, 57, 58, 59, 0.5, -1])
def test_a_file_cut_off_is_refused(backed_up, tmp_path, left):
    content, target = backed_up.read_bytes(), tmp_path / "cut.tar.gz"
    target.write_bytes(content[: int(len(content) * left) if isinstance(left, float) else left])
    refused(target, tmp_path / "new", "BackupDamaged")


def test_a_file_that_is_not_there_is_refused(tmp_path, app):
    refused(tmp_path / "missing.tar.gz", tmp_path / "new", "BackupMissing")


def rebuilt(file: Path, change: Callable[[str, bytes], tuple[str, bytes] | None], target: Path) -> Path:
    """The same backup with members changed, sealed again: what a person with bad intent would make."""
    with archive.opened(file) as members:
        content = [(name, stream.read()) for name, stream in members]
    with target.open("wb") as out, archive.writing(out) as made:
        for name, was in content:
            if changed := change(name, was):
                made.add(*changed)
    return target


@pytest.mark.parametrize(
    "name", ["../../evil", "/etc/evil", "objects/../x", "rows/a/../../x.jsonl", "rows/é.jsonl"]
)
def test_a_name_that_leads_elsewhere_is_refused(backed_up, tmp_path, name):
    def rename(old: str, content: bytes):
        return (name, content) if old == "keys/signing.pem" else (old, content)

    refused(rebuilt(backed_up, rename, tmp_path / "evil.tar.gz"), tmp_path / "new", "BackupDamaged")
    assert not (tmp_path / "evil").exists()


def test_a_link_is_refused(backed_up, tmp_path):
    out, link = io.BytesIO(), tarfile.TarInfo("keys/signing.pem")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(fileobj=out, mode="w") as tar:
        tar.addfile(link)
    body = gzip.compress(out.getvalue(), mtime=0)
    evil = tmp_path / "evil.tar.gz"
    evil.write_bytes(body + archive.SEAL_BEGINS + hashlib.sha256(body).digest() + archive.SEAL_ENDS)
    refused(evil, tmp_path / "new", "BackupDamaged")


@pytest.mark.parametrize("change", ["another row", "no key", "another revision", "not a backup"])
def test_what_the_manifest_does_not_say_is_refused(backed_up, tmp_path, change):
    def changed(name: str, content: bytes):
        if change == "another row" and name == "rows/unit.jsonl":
            return name, content.replace(b"OPD", b"XPD")
        if change == "another revision" and name == "manifest.json":
            return name, content.replace(b'"revision": "', b'"revision": "9')
        gone = change == "not a backup" or (change == "no key" and name == "keys/signing.pem")
        return None if gone else (name, content)

    word = "BackupFromAnotherVersion" if change == "another revision" else "BackupDamaged"
    refused(rebuilt(backed_up, changed, tmp_path / "evil.tar.gz"), tmp_path / "new", word)


def forged(file: Path, target: Path, member: str, old: bytes, new: bytes) -> Path:
    """A member changed and the manifest made to agree: only the checks of the rows can tell."""
    sums: dict[str, list[object]] = {}

    def change(name: str, content: bytes):
        if name == member:
            assert old in content
            content = content.replace(old, new)
            sums[name] = [hashlib.sha256(content).hexdigest(), len(content)]
        if name == "manifest.json":
            manifest = json.loads(content)
            manifest["members"].update(sums)
            content = json.dumps(manifest).encode()
        return name, content

    return rebuilt(file, change, target)


@pytest.mark.parametrize(
    ("member", "old", "new"),
    [
        ("rows/audit_entry.jsonl", b"unit.move", b"unit.kept"),
        ("rows/audit_head.jsonl", b"[1,", b"[2,"),
        ("rows/unit.jsonl", b"\n[", b"\n[9"),
        ("rows/person.jsonl", b'"name"', b'"nama"'),
        ("rows/person.jsonl", b'"id",', b'"xx",'),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_rows_that_do_not_hold_together_are_all_taken_back(backed_up, tmp_path, engine, member, old, new):
    file = forged(backed_up, tmp_path / "forged.tar.gz", member, old, new)
    with empty_host(engine, tmp_path / "new") as there:
        result = said(there, "restore", file)
        assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1), result.output
        assert "BackupIncomplete" in result.stderr
        assert all(len(lines) == 1 for lines in rows(there).values())
        assert not [name for name in files(tmp_path / "new") if not name.startswith("bina.sqlite3")]
        assert (
            said(there, "restore", backed_up).exit_code == 0
        )  # and nothing stands in the way of the real one


def test_only_an_empty_installation_is_restored_into(backed_up, tmp_path):
    cases = {"objects/ab/" + "ab" * 32: b"x", "keys/signing.pem": b"another key"}
    for number, (name, content) in enumerate(cases.items()):
        folder = tmp_path / str(number)
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(content)
        result = said(create_app(settings_for(folder)), "restore", backed_up)
        assert (result.exit_code, "NotEmpty" in result.stderr) == (2, True), name
        assert (folder / name).read_bytes() == content


def test_every_kind_of_column_can_be_kept(app):
    assert all(codec(column) for table in Base.metadata.sorted_tables for column in table.columns)

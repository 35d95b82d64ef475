"""The commands: what they print, where, and with which exit code."""

import json
import shutil
from pathlib import Path

import pytest

from app.extensions import db
from config import ROOT
from courses.catalogue.models import Edition
from courses.certification.models import Award, Certificate
from courses.people.models import Person
from tests.people import sign_in
from tests.publishing import SAMPLE
from tests.sheets import BUDI, HEADINGS, SITI, csv_of, xlsx_of
from tests.web.journeys import finish, work


@pytest.fixture
def run(app):
    def run(*words: object):
        db.session.rollback()
        result = app.test_cli_runner().invoke(args=[str(word) for word in words])
        db.session.rollback()
        return result

    return run


@pytest.fixture
def broken(tmp_path) -> Path:
    folder = tmp_path / "contoh"
    shutil.copytree(SAMPLE, folder)
    quiz = folder / "01-awal" / "03-cek.quiz.md"
    quiz.write_text(quiz.read_text().replace("- (x)", "- ( )"))
    return folder


def test_a_clean_course_exits_with_0(run):
    result = run("course", "check", SAMPLE)
    assert result.exit_code == 0, result.output


def test_a_broken_course_exits_with_1_and_names_the_place(run, broken):
    result = run("course", "check", broken)
    assert result.exit_code == 1
    assert "01-awal/03-cek.quiz.md:14:1: error: " in result.stdout


def test_the_same_as_one_json_value(run, broken):
    result = run("course", "check", broken, "--json")
    [problem] = [one for one in json.loads(result.stdout) if one["severity"] == "error"]
    assert set(problem) == {"path", "line", "column", "severity", "code", "message"}
    assert (problem["path"], problem["line"]) == ("01-awal/03-cek.quiz.md", 14)


def test_a_folder_that_is_no_course_is_refused_in_one_line(run, tmp_path):
    result = run("course", "check", tmp_path / "missing")
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1
    machine = run("course", "check", tmp_path / "missing", "--json")
    assert machine.exit_code == 2
    assert "error" in json.loads(machine.stdout)


def test_publishing_twice_makes_one_edition(run):
    first, second = run("course", "publish", SAMPLE), run("course", "publish", SAMPLE, "--json")
    assert first.exit_code == second.exit_code == 0, first.output
    assert json.loads(second.stdout) == [{"course": "contoh", "edition": 1, "published": False}]
    assert db.session.query(Edition).count() == 1


def test_a_broken_course_is_not_published_nor_is_its_good_neighbour(run, broken):
    result = run("course", "publish", SAMPLE, broken)
    assert result.exit_code == 1
    assert db.session.query(Edition).count() == 0


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--nip", "198704122011012003"], 0, "made person"),
        (["--email", "a@example.id"], 0, "made person"),
        (["--nip", "198713122011012003"], 2, "BadNip"),
        (["--nip", "1987"], 2, "BadNip"),
        ([], 2, "--nip or --email"),
    ],
)
def test_making_a_person(run, options, code, said):
    result = run("person", "create", "--name", "Baiq Nurul", "--password", "rahasia-sekali", *options)
    assert result.exit_code == code
    assert said in result.output
    assert db.session.query(Person).count() == (1 if code == 0 else 0)


def test_a_number_is_taken_once(run):
    words = ("person", "create", "--name", "A", "--nip", "198704122011012003", "--password", "rahasia-sekali")
    assert run(*words).exit_code == 0
    again = run(*words)
    assert again.exit_code == 2
    assert "PersonExists" in again.stderr


def test_a_name_is_held_to_the_rules_of_the_form(run):
    words = ("person", "create", "--email", "a@example.id", "--password", "rahasia-sekali", "--name")
    assert "BadName" in run(*words, "Аdmin").stderr
    assert run(*words, " Baiq  Nurul ").exit_code == 0
    assert db.session.query(Person.name).scalar() == "Baiq Nurul"


def test_people_of_a_sheet_come_in_all_or_none_and_each_problem_is_a_line(run, tmp_path):
    sheet = tmp_path / "asn.xlsx"
    sheet.write_bytes(xlsx_of([HEADINGS, SITI, (int(BUDI[0]), "", *BUDI[2:])]))
    for options in ((), ("--dry-run",)):
        refused = run("person", "import", sheet, *options)
        assert refused.exit_code == 2
        assert [line.partition(": ")[0] for line in refused.stdout.splitlines()] == [
            "row 3, column NIP",
            "row 3, column Nama",
        ]
    machine = run("person", "import", sheet, "--json")
    assert machine.exit_code == 2
    assert [(one["row"], one["code"]) for one in json.loads(machine.stdout)] == [
        (3, "nip-number"),
        (3, "name-missing"),
    ]
    sheet.write_bytes(csv_of([HEADINGS, SITI, BUDI]))
    assert "2 people would come in" in run("person", "import", sheet, "--dry-run").stdout
    assert db.session.query(Person).count() == 0
    assert run("person", "import", sheet).exit_code == 0
    assert db.session.query(Person).count() == 2
    again = run("person", "import", sheet)
    assert again.exit_code == 2
    assert "row 2, column NIP: Sudah ada di Bina." in again.stdout


def test_a_file_that_is_no_sheet_is_refused(run, tmp_path):
    sheet = tmp_path / "asn.xlsx"
    sheet.write_bytes(b"PK no zip")
    refused = run("person", "import", sheet, "--json")
    assert refused.exit_code == 2
    assert json.loads(refused.stdout) == {"error": "SheetRefused", "reason": "broken"}


@pytest.fixture
def paper(app, run, course, learner, tmp_path) -> tuple[Path, str]:
    client = sign_in(app.test_client(), learner)
    finish(client)
    work()
    award = db.session.query(Award.id).scalar()
    assert run("certificate", "issue", award).exit_code == 0
    work()
    found = db.session.query(Certificate).one()
    code, number = found.code, found.number
    db.session.rollback()
    path = tmp_path / "sertifikat.pdf"
    path.write_bytes(client.get(f"/me/certificates/{code}.pdf").data)
    return path, number


def test_issue_verify_revoke(run, paper):
    path, number = paper
    good = run("certificate", "verify", path, "--json")
    assert good.exit_code == 0
    assert json.loads(good.stdout)["status"] == "valid"
    assert run("certificate", "revoke", number, "--reason", "Salah orang").exit_code == 0
    gone = run("certificate", "verify", path, "--json")
    assert gone.exit_code == 1
    assert json.loads(gone.stdout)["status"] == "revoked"
    assert run("certificate", "revoke", number, "--reason", "Lagi").exit_code == 2
    assert run("certificate", "revoke", "nothing", "--reason", "x").exit_code == 2


def test_a_changed_file_is_not_valid(run, paper):
    path, _ = paper
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    result = run("certificate", "verify", path, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["status"] in {"tampered", "unknown"}


def test_without_the_register_nothing_is_valid(run, paper, monkeypatch):
    from sqlalchemy.exc import OperationalError

    def away(*_):
        raise OperationalError("SELECT", {}, Exception("no such database"))

    monkeypatch.setattr("courses.certification.register.verify_file", away)
    result = run("certificate", "verify", paper[0], "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["status"] == "unverifiable"


def test_a_file_that_is_not_there_is_one_line(run, tmp_path):
    result = run("certificate", "verify", tmp_path / "missing.pdf")
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert (
        json.loads(run("certificate", "verify", tmp_path / "missing.pdf", "--json").stdout)["status"]
        == "unknown"
    )


def test_the_trail_is_verified(run, paper):
    assert run("audit", "verify").exit_code == 0
    db.session.execute(db.text("UPDATE audit_entry SET actor_id = 99 WHERE number = 1"))
    db.session.commit()
    result = run("audit", "verify", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["broken"][0] == {"entry": 1, "why": "changed"}


def test_setup_may_run_again_and_again(run, monkeypatch):
    for _ in range(2):
        result = run("setup")
        assert result.exit_code == 0, result.output
        assert "198704122011012003" in result.output
    shipped = [path for path in (ROOT / "content" / "courses").iterdir() if path.is_dir()]
    assert db.session.query(Edition).count() == len(shipped) > 0
    assert db.session.query(Person).count() == 34

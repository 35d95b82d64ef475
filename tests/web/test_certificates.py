"""From the award to the paper: approve, sign, download, verify, revoke; forged codes get one answer."""

import json
import os
import re
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import func

from app.extensions import db
from courses.audit import check
from courses.audit.models import AuditEntry
from courses.certification.models import Award, Certificate
from tests.people import fields, sign_in
from tests.web.journeys import finish, post, work

OWN_CODES = ["1", "0" * 26, "admin", "' OR 1=1", "..", "%00", "ujian", "0" * 400, "é" * 26, "\U0001f4dc"]


class Issued(NamedTuple):
    """What a test knows of the certificate that was issued."""

    id: int
    code: str
    award_id: int


@pytest.fixture
def finished(app, course, learner):
    client = sign_in(app.test_client(), learner)
    finish(client)
    work()
    return client


@pytest.fixture
def desk(app, finished, admin):
    return sign_in(app.test_client(), admin)


@pytest.fixture
def issued(desk):
    _approve(desk)
    work()
    found = db.session.query(Certificate).one()
    known = Issued(found.id, found.code, found.award_id)
    db.session.rollback()
    return known


def test_a_finished_course_waits_for_approval(finished, desk):
    assert "Menunggu persetujuan" in finished.get("/me").text
    page = desk.get("/admin/certificates").text
    assert "Baiq Nurul Aini" in page
    assert "Pelatihan contoh" in page


def test_an_approved_certificate_is_being_made_until_the_worker_signed_it(finished, desk):
    _approve(desk)
    assert "Sedang dibuat" in finished.get("/me").text
    code = db.session.query(Certificate.code).scalar()
    assert finished.get(f"/verify/{code}").status_code == 404
    assert finished.get(f"/me/certificates/{code}.pdf").status_code == 404
    work()
    assert finished.get(f"/verify/{code}").status_code == 200
    answer = finished.get(f"/me/certificates/{code}.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-1.7")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_anyone_can_check_a_code_and_sees_a_masked_number(client, issued):
    page = client.get(f"/verify/{issued.code}").text
    assert "asli dan berlaku" in page
    assert "Baiq Nurul Aini, S.Pd." in page
    assert "1987••••••••••2003" in page
    assert "198704122011012003" not in page
    assert "tidak tersertifikasi" in page


@pytest.mark.parametrize(
    "spelling", [str.upper, lambda code: f" {code[:13]} {code[13:]} ", lambda c: c.replace("0", "o")]
)
def test_a_code_may_be_spelt_as_people_copy_it(client, issued, spelling):
    answer = client.get("/verify/", query_string={"code": spelling(issued.code)}, follow_redirects=True)
    assert "asli dan berlaku" in answer.text


def test_the_file_itself_can_be_checked(client, finished, issued):
    pdf = finished.get(f"/me/certificates/{issued.code}.pdf").data
    assert "asli dan berlaku" in _upload(client, pdf)
    changed = bytearray(pdf)
    changed[len(pdf) // 2] ^= 1
    assert "asli dan berlaku" not in _upload(client, bytes(changed))
    assert "tidak sama dengan yang diterbitkan" in _upload(client, pdf + b"\n")
    assert "tidak ditemukan" in _upload(client, b"hello")


def test_an_upload_that_is_too_large_is_refused_with_the_reason(client, issued, monkeypatch):
    for place in ("app.verify.views", "courses.certification.inspection"):
        monkeypatch.setattr(f"{place}.LARGEST", 1000)
    form = fields(client.get("/verify/").text)
    big = BytesIO(b"%PDF-" + b"0" * 1000)
    answer = client.post("/verify/", data={**form, "file": (big, "x.pdf")})
    assert answer.status_code == 413
    assert "10 MB" in answer.text


def test_a_revocation_shows_at_once_with_its_reason(client, desk, finished, issued):
    pdf = finished.get(f"/me/certificates/{issued.code}.pdf").data
    page = f"/admin/certificates/{issued.id}"
    assert post(desk, page, f"{page}/revoke", reason="Salah orang").status_code == 303
    for shown in (client.get(f"/verify/{issued.code}").text, _upload(client, pdf), finished.get("/me").text):
        assert "asli dan berlaku" not in shown
        assert "Salah orang" in shown


def test_a_revocation_needs_a_reason_and_keeps_the_page(desk, issued):
    page = f"/admin/certificates/{issued.id}"
    form = fields(desk.get(page).text)
    answer = desk.post(f"{page}/revoke", data={**form, "reason": "   "})
    assert answer.status_code == 422
    assert "Tuliskan alasan pencabutan" in answer.text
    assert db.session.query(Certificate.state).scalar() == "issued"


def test_declining_gives_a_reason_the_person_reads(desk, finished):
    award = db.session.query(Award.id).scalar()
    db.session.rollback()
    answer = post(
        desk, "/admin/certificates", f"/admin/awards/{award}/decline", reason="Lengkapi data pangkat"
    )
    assert answer.status_code == 303
    assert "Lengkapi data pangkat" in finished.get("/me").text


def test_every_privileged_act_is_in_the_trail(desk, issued):
    page = f"/admin/certificates/{issued.id}"
    post(desk, page, f"{page}/revoke", reason="Salah orang")
    acts = [act for (act,) in db.session.query(AuditEntry.act).order_by(AuditEntry.number)]
    assert acts == ["certificate.approve", "certificate.sign", "certificate.revoke"]
    assert list(check(db.session())) == []
    assert "Dicabut" in desk.get(page).text


def test_approving_twice_makes_one_certificate(desk, issued):
    desk.post(
        "/admin/certificates/approve",
        data={**fields(desk.get(f"/admin/certificates/{issued.id}").text), "award": str(issued.award_id)},
    )
    assert db.session.query(func.count(Certificate.id)).scalar() == 1


def test_approving_nobody_says_so(desk):
    answer = post(desk, "/admin/certificates", "/admin/certificates/approve")
    assert answer.location == "/admin/certificates"
    assert "Belum ada yang dipilih" in desk.get("/admin/certificates").text


def test_every_unknown_code_gets_one_answer(client, issued):
    answers = {
        _faceless(client.get(f"/verify/{_quoted(code)}"), code) for code in _codes() if "/" not in code
    }
    assert len(answers) == 1, answers
    status, body = answers.pop()
    assert status == 404
    assert "tidak ditemukan" in body


def test_guessing_finds_nothing(client, issued):
    from courses import randomness

    guesses = 10_000 if os.environ.get("BINA_DOSE") == "full" else 200
    with randomness.seeded(11):
        for _ in range(guesses):
            assert client.get(f"/verify/{randomness.code()}").status_code == 404


def _codes() -> list[str]:
    corpora = os.environ.get("BINA_CORPORA")
    if not corpora:
        return OWN_CODES
    return OWN_CODES + json.loads((Path(corpora) / "open" / "cert_ids.json").read_text())


def _quoted(code: str) -> str:
    from urllib.parse import quote

    return quote(code.encode("utf-8", "surrogatepass"), safe="") or "%20"


def _faceless(answer, code: str) -> tuple[int, str]:
    body = re.sub(r'(?:href|action)="[^"]*"', "", answer.text)
    return answer.status_code, re.sub(r'value="[^"]*"', "", body)


def _approve(desk) -> None:
    award = db.session.query(Award.id).scalar()
    db.session.rollback()
    assert post(desk, "/admin/certificates", "/admin/certificates/approve", award=award).status_code == 303


def _upload(client, pdf: bytes) -> str:
    form = fields(client.get("/verify/").text)
    return client.post("/verify/", data={**form, "file": (BytesIO(pdf), "sertifikat.pdf")}).text

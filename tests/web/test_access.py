"""Who may enter where: every route of the URL map, by hand. A route without a line here fails.

What a person may not see answers exactly like what does not exist.
"""

import pytest

from tests.people import make, sign_in

LOGIN = "login"  # redirected to sign in
OPEN = 200
GONE = 404
LOCKED = 403  # enrolled by the line before, but not there yet
ELSEWHERE = 303

# endpoint: (address, visitor, learner who is not enrolled, admin)
READS: dict[str, tuple[str, object, object, object]] = {
    "catalogue.home": ("/", OPEN, OPEN, OPEN),
    "catalogue.index": ("/courses/", OPEN, OPEN, OPEN),
    "pages.show": ("/mengapa", OPEN, OPEN, OPEN),
    "catalogue.course": ("/courses/contoh", OPEN, OPEN, OPEN),
    "account.login": ("/login", OPEN, ELSEWHERE, ELSEWHERE),
    "account.activate": ("/activate", OPEN, ELSEWHERE, ELSEWHERE),
    "account.forgot": ("/forgot", OPEN, ELSEWHERE, ELSEWHERE),
    "account.choose": ("/reset/" + "0" * 43, GONE, GONE, GONE),
    "account.language": ("/language/en", ELSEWHERE, ELSEWHERE, ELSEWHERE),
    "account.own": ("/account", LOGIN, OPEN, OPEN),
    "account.looks": ("/account/looks", LOGIN, OPEN, OPEN),
    "me.index": ("/me", LOGIN, OPEN, OPEN),
    "me.download": ("/me/certificates/" + "0" * 26 + ".pdf", LOGIN, GONE, GONE),
    "learn.course": ("/learn/contoh/", LOGIN, ELSEWHERE, ELSEWHERE),
    "learn.lesson": ("/learn/contoh/arsip", LOGIN, ELSEWHERE, ELSEWHERE),
    "learn.quiz": ("/learn/contoh/quiz/cek", LOGIN, ELSEWHERE, ELSEWHERE),
    "learn.attempt": ("/learn/contoh/quiz/cek/attempt", LOGIN, GONE, GONE),
    "learn.result": ("/learn/contoh/quiz/cek/result/1", LOGIN, GONE, GONE),
    "admin.index": ("/admin/", LOGIN, GONE, ELSEWHERE),
    "admin.queue": ("/admin/certificates", LOGIN, GONE, OPEN),
    "admin.certificate": ("/admin/certificates/1", LOGIN, GONE, GONE),
    "admin.people": ("/admin/people", LOGIN, GONE, OPEN),
    "admin.codes": ("/admin/people/codes", LOGIN, GONE, OPEN),
    "admin.new_person": ("/admin/people/new", LOGIN, GONE, OPEN),
    "admin.import_people": ("/admin/people/import", LOGIN, GONE, OPEN),
    "admin.people_template": ("/admin/people/import/template.xlsx", LOGIN, GONE, OPEN),
    "admin.one_import": ("/admin/people/import/0", LOGIN, GONE, GONE),
    "admin.person_page": ("/admin/people/0", LOGIN, GONE, GONE),
    "admin.edit_person": ("/admin/people/0/edit", LOGIN, GONE, GONE),
    "admin.units": ("/admin/units", LOGIN, GONE, OPEN),
    "verify.index": ("/verify/", OPEN, OPEN, OPEN),
    "verify.code": ("/verify/" + "0" * 26, GONE, GONE, GONE),
    "media.file": ("/media/" + "0" * 64 + "/x.svg", GONE, GONE, GONE),
    "health.alive": ("/healthz", OPEN, OPEN, OPEN),
    "health.ready": ("/readyz", OPEN, OPEN, OPEN),
    "metrics.figures": ("/metrics", GONE, GONE, GONE),
}
# in this order: the learner and the admin enrol, then go on
WRITES: dict[str, tuple[str, object, object, object]] = {
    "account.login": ("/login", 422, ELSEWHERE, ELSEWHERE),
    "account.activate": ("/activate", 422, ELSEWHERE, ELSEWHERE),
    "account.forgot": ("/forgot", 422, ELSEWHERE, ELSEWHERE),
    "account.chosen": ("/reset/" + "0" * 43, GONE, GONE, GONE),
    "account.logout": ("/logout", LOGIN, ELSEWHERE, ELSEWHERE),
    "account.display": ("/account/display", LOGIN, 422, 422),
    "account.password": ("/account/password", LOGIN, 422, 422),
    "account.end_session": ("/account/sessions/" + "0" * 64 + "/end", LOGIN, ELSEWHERE, ELSEWHERE),
    "account.end_others": ("/account/sessions/end", LOGIN, ELSEWHERE, ELSEWHERE),
    "learn.enrol": ("/learn/contoh/enrol", LOGIN, ELSEWHERE, ELSEWHERE),
    "learn.done": ("/learn/contoh/arsip/done", LOGIN, ELSEWHERE, ELSEWHERE),
    "learn.start": ("/learn/contoh/quiz/cek/start", LOGIN, LOCKED, LOCKED),
    "learn.submit": ("/learn/contoh/quiz/cek/attempt", LOGIN, GONE, GONE),
    "admin.approve": ("/admin/certificates/approve", LOGIN, GONE, ELSEWHERE),
    "admin.decline": ("/admin/awards/1/decline", LOGIN, GONE, 422),
    "admin.revoke": ("/admin/certificates/1/revoke", LOGIN, GONE, GONE),
    "admin.make_person": ("/admin/people/new", LOGIN, GONE, 422),
    "admin.change_person": ("/admin/people/0/edit", LOGIN, GONE, GONE),
    "admin.upload_people": ("/admin/people/import", LOGIN, GONE, 422),
    "admin.bring_in": ("/admin/people/import/0", LOGIN, GONE, GONE),
    "admin.make_import_codes": ("/admin/people/import/0/codes", LOGIN, GONE, GONE),
    "admin.make_codes": ("/admin/people/codes", LOGIN, GONE, 201),
    "admin.make_code": ("/admin/people/0/code", LOGIN, GONE, GONE),
    "admin.disable_person": ("/admin/people/0/disable", LOGIN, GONE, GONE),
    "admin.enable_person": ("/admin/people/0/enable", LOGIN, GONE, GONE),
    "admin.grant_role": ("/admin/people/0/roles", LOGIN, GONE, GONE),
    "admin.take_role": ("/admin/people/0/roles/0/take", LOGIN, GONE, GONE),
    "admin.save_unit": ("/admin/units", LOGIN, GONE, 422),
    "verify.upload": ("/verify/", 422, 422, 422),
}
COLUMNS = {"visitor": 0, "learner": 1, "instructor": 1, "office_admin": 1, "admin": 2}
ROLES = tuple(COLUMNS)
# where an office admin gets another answer than a learner; an instructor never does
OFFICE_ADMIN: dict[str, object] = {
    "admin.people": OPEN,
    "admin.new_person": OPEN,
    "admin.codes": OPEN,
    "admin.make_person": 422,
    "admin.import_people": OPEN,
    "admin.people_template": OPEN,
    "admin.upload_people": 422,
}
# what is asked of a person: (method, address, learner, instructor, office admin, admin)
OF_A_PERSON: tuple[tuple[str, str, object, object, object, object], ...] = (
    ("GET", "", GONE, GONE, OPEN, OPEN),
    ("GET", "/edit", GONE, GONE, OPEN, OPEN),
    ("POST", "/edit", GONE, GONE, 422, 422),
    ("POST", "/disable", GONE, GONE, ELSEWHERE, ELSEWHERE),
    ("POST", "/enable", GONE, GONE, ELSEWHERE, ELSEWHERE),
    ("POST", "/code", GONE, GONE, 201, 201),
    ("POST", "/roles", GONE, GONE, GONE, 422),
    ("POST", "/roles/0/take", GONE, GONE, GONE, GONE),
)


@pytest.fixture
def people(course, learner, admin, office_admin, instructor):
    return {
        "visitor": None,
        "learner": learner,
        "instructor": instructor,
        "office_admin": office_admin,
        "admin": admin,
    }


def test_every_route_has_a_line(app):
    reads = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    writes = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    assert reads == set(READS)
    assert writes == set(WRITES)


@pytest.mark.parametrize("role", ROLES)
def test_reading(client, people, role):
    _as(client, people[role])
    for endpoint, (address, *expected) in READS.items():
        answer = client.get(address)
        assert _said(answer) == _expected(endpoint, expected, role), (endpoint, role)


@pytest.mark.parametrize("role", ROLES)
def test_writing(app, client, people, role):
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        for endpoint, (address, *expected) in WRITES.items():
            _as(client, people[role])
            form = {"operation": f"operation-{endpoint.replace('.', '-')}"}
            form |= {"reason": "x"} if endpoint == "admin.revoke" else {}
            answer = client.post(address, data=form)
            assert _said(answer) == _expected(endpoint, expected, role), (endpoint, role)
    finally:
        app.config["WTF_CSRF_ENABLED"] = True


@pytest.mark.parametrize("office", ["own", "other"])
@pytest.mark.parametrize("role", ["learner", "instructor", "office_admin", "admin"])
def test_people_of_ones_own_office_and_of_another(app, client, people, role, office):
    unit = {"own": "Dinas Pendidikan", "other": "Dinas Kesehatan"}[office]
    somebody = make("Siti Aminah", nip="199505052020122003", email="siti@example.id", unit=unit)
    app.config["WTF_CSRF_ENABLED"] = False
    _as(client, people[role])
    try:
        for number, (method, address, *answers) in enumerate(OF_A_PERSON):
            expected = answers[("learner", "instructor", "office_admin", "admin").index(role)]
            expected = GONE if role == "office_admin" and office == "other" else expected
            where = f"/admin/people/{somebody.id}{address}"
            answer = client.open(where, method=method, data={"operation": f"{number}-operation-of-a-person"})
            assert _said(answer) == expected, (method, address, role, office)
    finally:
        app.config["WTF_CSRF_ENABLED"] = True


def test_another_offices_person_answers_like_a_missing_one(client, office_admin):
    other = make("Siti", nip="199505052020122003", email="siti@example.id", unit="Dinas Kesehatan")
    sign_in(client, office_admin)
    theirs, missing = client.get(f"/admin/people/{other.id}"), client.get("/admin/people/0")
    assert theirs.status_code == missing.status_code == 404
    assert theirs.text.replace(f"/people/{other.id}", "") == missing.text.replace("/people/0", "")


def test_forbidden_and_missing_answer_alike(client, course, learner):
    sign_in(client, learner)
    forbidden, missing = client.get("/admin/certificates"), client.get("/admin/nothing-here")
    assert forbidden.status_code == missing.status_code == 404
    assert forbidden.text.replace("/admin/certificates", "") == missing.text.replace(
        "/admin/nothing-here", ""
    )


def test_another_learners_document_answers_like_a_missing_one(client, course, learner, other_learner):
    from tests.web.journeys import finish, work

    sign_in(client, learner)
    finish(client)
    work()
    code = _issue_the_only_award()
    work()
    assert client.get(f"/me/certificates/{code}.pdf").status_code == 200
    sign_in(client, other_learner)
    theirs, missing = (
        client.get(f"/me/certificates/{code}.pdf"),
        client.get(f"/me/certificates/{'0' * 26}.pdf"),
    )
    assert theirs.status_code == missing.status_code == 404
    assert theirs.text.replace(code, "") == missing.text.replace("0" * 26, "")


def _issue_the_only_award() -> str:
    from app.extensions import db
    from app.issuer import issuer
    from courses.certification.issuing import approve
    from courses.certification.models import Award, Certificate

    award = db.session.query(Award).one()
    approve(db.session(), award.id, issuer(), by=0)
    db.session.commit()
    code = db.session.query(Certificate.code).scalar()
    db.session.rollback()
    return code


def _expected(endpoint, answers, role) -> object:
    if role == "office_admin" and endpoint in OFFICE_ADMIN:
        return OFFICE_ADMIN[endpoint]
    return answers[COLUMNS[role]]


def _as(client, who):
    with client.session_transaction() as cookie:
        cookie.clear()
    if who is not None:
        sign_in(client, who)


def _said(answer) -> object:
    location = answer.headers.get("Location", "")
    return LOGIN if answer.status_code == 303 and location.startswith("/login") else answer.status_code

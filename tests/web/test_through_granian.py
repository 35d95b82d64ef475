"""What happens at the same moment happens once: two real processes, both engines, eight connections.

Each promise is one function. It holds on the build we ship, and must fail on a sabotaged one, in which the
constraints that decide were dropped: or it would show nothing.
"""

import psutil
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

from app.extensions import db
from courses.assessment.models import Attempt
from courses.certification.models import Award
from courses.learning.models import Enrolment
from courses.randomness import token
from tests.services.doses import dose
from tests.web.granian import Visitor, served
from tests.web.promises import (
    PROMISES,
    QUIZ,
    TABS,
    attempts,
    certificates_in_force,
    count,
    different,
    grade_fits,
    numbers_have_no_gap,
    one_completion,
    one_reply,
    only_attempt,
    opened,
    operations,
    statuses,
    waiting_award,
)

ENGINES = ["sqlite", "postgresql"]
ROUNDS = dose(quick=3, full=100)


@pytest.mark.parametrize("promise", ["one_submission", "one_start", "one_certificate", "one_completion"])
def test_of_eight_at_once_one_happens(site, promise):
    for _ in range(ROUNDS):
        PROMISES[promise](site)


@pytest.mark.parametrize("promise", ["one_submission", "one_start", "one_certificate"])
def test_without_its_constraint_the_same_promise_is_seen_to_break(sabotaged, promise):
    with pytest.raises(AssertionError, match=f"^{BROKEN[promise]}"):
        PROMISES[promise](sabotaged)


def test_what_the_dropped_constraints_do_not_decide_still_holds_without_them(sabotaged):
    one_completion(sabotaged)


def test_one_form_sent_eight_times_at_once_approves_once_and_all_read_the_same(site):
    for _ in range(ROUNDS):
        award_id, desk = waiting_award(site), site.somebody(admin=True, course=None)
        form = desk.form("/admin/certificates") | {"award": award_id}
        answers = desk.at_once("/admin/certificates/approve", [form] * TABS)
        assert one_reply(answers, 303)
        assert certificates_in_force(site, award_id) == 1
        assert operations(site, desk, form) == 1


def test_one_form_sent_eight_times_at_once_enrols_once(site):
    for _ in range(ROUNDS):
        who = site.somebody(course=None)
        form = who.form("/courses/contoh")
        assert one_reply(who.at_once("/learn/contoh/enrol", [form] * TABS), 303)
        with site.database() as session:
            enrolments = session.scalar(count(Enrolment).where(Enrolment.person_id == who.person_id))
        assert enrolments == 1
        assert operations(site, who, form) == 1


def test_eight_sessions_enrol_one_person_once(site):
    who = site.somebody(course=None)
    forms = different(who.form("/courses/contoh"))
    assert {answer.status for answer in who.at_once("/learn/contoh/enrol", forms)} == {303}
    with site.database() as session:
        assert session.scalar(count(Enrolment).where(Enrolment.person_id == who.person_id)) == 1


def test_the_same_operation_with_another_body_is_refused(site):
    for _ in range(ROUNDS):
        who = site.somebody()
        form = who.form("/learn/contoh/arsip")
        first = who.post("/learn/contoh/arsip/done", form)
        assert first.status == 303
        assert who.post("/learn/contoh/arsip/done", form | {"more": "x"}).status == 409
        assert who.post("/learn/contoh/arsip/done", form) == first


def test_of_eight_bodies_at_once_under_one_operation_one_is_taken(site):
    for _ in range(ROUNDS):
        who = site.somebody()
        form = opened(who, "cek") | {"action": "submit"}
        forms = [form | {"q-1": str(n)} for n in range(TABS)]
        answers = who.at_once(f"{QUIZ}/cek/attempt", forms)
        assert statuses(answers) == {303: 1, 409: TABS - 1}
        taken = [n for n, answer in enumerate(answers) if answer.status == 303]
        attempt = only_attempt(site, who, "cek")
        assert attempt.earned == (1 if taken == [2] else 0)


def test_no_crowd_starts_more_attempts_than_allowed(site):
    who = site.somebody()
    for number in (1, 2, 3):
        answers = who.at_once(f"{QUIZ}/ujian/start", different(who.form(f"{QUIZ}/ujian")))
        assert statuses(answers) == {303: TABS}
        handed_in = who.form(f"{QUIZ}/ujian/attempt") | {"action": "submit"}
        assert who.post(f"{QUIZ}/ujian/attempt", handed_in).location == f"{QUIZ}/ujian/result/{number}"
    answers = who.at_once(f"{QUIZ}/ujian/start", different(who.form("/learn/contoh/arsip")))
    assert statuses(answers) == {403: TABS}
    with site.database() as session:
        numbers = session.scalars(attempts(Attempt.number, who, "ujian")).all()
    assert sorted(numbers) == [1, 2, 3]


def test_tabs_that_save_and_submit_at_once_leave_a_grade_that_fits_its_answers(site):
    for _ in range(ROUNDS):
        who = site.somebody()
        form = opened(who, "cek")
        forms = [
            form | {"operation": token(), "q-1": str(n), "action": "submit" if n in {2, 5} else "save"}
            for n in range(TABS)
        ]
        answers = who.at_once(f"{QUIZ}/cek/attempt", forms)
        results = [answer.location for answer in answers if "result" in (answer.location or "")]
        assert results == [f"{QUIZ}/cek/result/1"]
        assert set(statuses(answers)) <= {303, 409}
        grade_fits(site, who)


def test_approved_and_declined_at_once_one_decision_stands(site):
    for _ in range(ROUNDS):
        award_id, desk = waiting_award(site), site.somebody(admin=True, course=None)
        form = desk.form("/admin/certificates") | {"reason": "Belum lengkap", "award": award_id}
        approve, decline = "/admin/certificates/approve", f"/admin/awards/{award_id}/decline"
        answers = desk.at_once_to([(path, one) for path in (approve, decline) for one in different(form, 4)])
        assert statuses(answers) == {303: 1, 409: TABS - 1}
        with site.database() as session:
            state = session.get_one(Award, award_id).state
        assert (state, certificates_in_force(site, award_id)) in {("approved", 1), ("declined", 0)}


def test_two_desks_decide_about_the_same_names_in_another_order(site):
    for _ in range(ROUNDS):
        awards = [waiting_award(site) for _ in range(4)]
        desk = site.somebody(admin=True, course=None)
        form = desk.form("/admin/certificates")
        forms = [
            form | {"operation": token(), "award": awards if n % 2 else awards[::-1]} for n in range(TABS)
        ]
        answers = desk.at_once("/admin/certificates/approve", forms)
        assert statuses(answers) == {303: 1, 409: TABS - 1}
        assert [certificates_in_force(site, one) for one in awards] == [1] * 4
    numbers_have_no_gap(site)


def test_names_approved_together_while_one_of_them_is_declined(site):
    for _ in range(ROUNDS):
        awards = [waiting_award(site) for _ in range(3)]
        desk = site.somebody(admin=True, course=None)
        form = desk.form("/admin/certificates") | {"reason": "Belum lengkap", "award": awards}
        approve, decline = "/admin/certificates/approve", f"/admin/awards/{awards[-1]}/decline"
        answers = desk.at_once_to([(path, one) for one in different(form, 4) for path in (approve, decline)])
        assert statuses(answers) == {303: 1, 409: TABS - 1}
        in_force = [certificates_in_force(site, one) for one in awards]
        assert in_force in ([0, 0, 0], [1, 1, 1])


def test_both_processes_answer(site):
    pages = [Visitor(site.port)._connection() for _ in range(32)]
    for page in pages:
        page.request("GET", "/healthz")
        assert page.getresponse().read()
    processes = psutil.Process(site.server.pid).children()
    answering = [one for one in processes if any(c.status == "ESTABLISHED" for c in one.net_connections())]
    for page in pages:
        page.close()
    assert len(processes) == len(answering) == 2


BROKEN = {
    "one_submission": "replies differ",
    "one_start": "[2-8] attempts were started",
    "one_certificate": "[2-8] certificates are in force",
}


@pytest.fixture(scope="module", params=ENGINES)
def site(request, tmp_path_factory):
    """The build we ship."""
    with served(request.param, tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture(scope="module", params=ENGINES)
def sabotaged(request, tmp_path_factory):
    """The same build over tables without the constraints that decide."""
    with served(request.param, tmp_path_factory.mktemp("sabotaged")) as made:
        with made.app.app_context(), db.engine.begin() as connection:
            alter = Operations(MigrationContext.configure(connection))
            alter.drop_index("uq_attempt_open", "attempt")
            alter.drop_index("uq_certificate_in_force", "certificate")
            for table, constraint in (
                ("attempt", "uq_attempt_enrolment_id_step_id_number"),
                ("operation", "uq_operation_person_id_key"),
            ):
                with alter.batch_alter_table(table) as batch:
                    batch.drop_constraint(constraint, type_="unique")
        yield made

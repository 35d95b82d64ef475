"""What must happen once although it is sent eight times at once, as functions that raise AssertionError.

The build we ship keeps a promise, a sabotaged one must be seen to break it: both are asked by one function.
"""

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.issuer import issuer
from courses import audit, clock
from courses.assessment.models import Attempt, Response
from courses.audit.models import AuditEntry
from courses.catalogue.models import Edition
from courses.certification.issuing import award
from courses.certification.models import Award, Certificate, NumberSequence
from courses.database import begin_writing
from courses.learning.models import Completion, Enrolment
from courses.operations.models import Operation
from courses.randomness import token
from tests.web.granian import Answer, Site, Visitor

TABS = 8
QUIZ = "/learn/contoh/quiz"
IN_FORCE = ("signing", "issued")


def one_submission(site: Site) -> None:
    """One form, sent eight times at once, is one graded attempt, and all eight get its reply."""
    who = site.somebody()
    form = opened(who, "cek") | {"action": "submit", "q-1": "2"}
    answers = who.at_once(f"{QUIZ}/cek/attempt", [form] * TABS)
    assert one_reply(answers, 303), f"replies differ: {answers}"
    assert answers[0].location == f"{QUIZ}/cek/result/1"
    assert only_attempt(site, who, "cek").earned == 1
    stored = operations(site, who, form)
    assert stored == 1, f"stored {stored} times"


def one_start(site: Site) -> None:
    """Eight starts under eight operation ids are one open attempt, and all eight are led to it."""
    who = site.somebody()
    answers = who.at_once(f"{QUIZ}/ujian/start", different(who.form(f"{QUIZ}/ujian")))
    assert statuses(answers) == {303: TABS}, statuses(answers)
    assert {answer.location for answer in answers} == {f"{QUIZ}/ujian/attempt"}
    with site.database() as session:
        states = session.scalars(attempts(Attempt.state, who, "ujian")).all()
    assert len(states) == 1, f"{len(states)} attempts were started"
    assert states == ["open"]


def one_certificate(site: Site) -> None:
    """Eight approvals of one award: one certificate in force, seven refusals, no number lost."""
    award_id, desk = waiting_award(site), site.somebody(admin=True, course=None)
    forms = different(desk.form("/admin/certificates") | {"award": award_id})
    answers = desk.at_once("/admin/certificates/approve", forms)
    in_force = certificates_in_force(site, award_id)
    assert in_force == 1, f"{in_force} certificates are in force"
    assert statuses(answers) == {303: 1, 409: TABS - 1}
    numbers_have_no_gap(site)


def one_completion(site: Site) -> None:
    """Eight times done, under one operation id and then under eight: one completion."""
    who = site.somebody()
    for lesson, again in (("arsip", True), ("susut", False)):
        form = who.form(f"/learn/contoh/{lesson}")
        forms = [form] * TABS if again else different(form)
        answers = who.at_once(f"/learn/contoh/{lesson}/done", forms)
        assert one_reply(answers, 303), answers
        with site.database() as session:
            rows = session.scalar(
                count(Completion)
                .join(Enrolment, Enrolment.id == Completion.enrolment_id)
                .where(Enrolment.person_id == who.person_id, Completion.step_id == lesson)
            )
        assert rows == 1


PROMISES = {one.__name__: one for one in (one_submission, one_start, one_certificate, one_completion)}


def opened(who: Visitor, quiz: str) -> dict[str, str]:
    """The form of a fresh attempt."""
    assert who.post(f"{QUIZ}/{quiz}/start", who.form(f"{QUIZ}/{quiz}")).status == 303
    return who.form(f"{QUIZ}/{quiz}/attempt")


def different(form, count: int = TABS):
    """The same form under different operation ids."""
    return [{**form, "operation": token()} for _ in range(count)]


def one_reply(answers: list[Answer], status: int) -> bool:
    return len(set(answers)) == 1 and answers[0].status == status


def statuses(answers: list[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


def count(model):
    return select(func.count()).select_from(model)


def attempts(what, who: Visitor, quiz: str):
    return (
        select(what)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.person_id == who.person_id, Attempt.step_id == quiz)
    )


def only_attempt(site: Site, who: Visitor, quiz: str) -> Attempt:
    with site.database() as session:
        found = session.scalars(attempts(Attempt, who, quiz)).all()
    assert [attempt.state for attempt in found] == ["graded"]
    return found[0]


def operations(site: Site, who: Visitor, form) -> int:
    with site.database() as session:
        wanted = (Operation.person_id == who.person_id, Operation.key == form["operation"])
        return session.scalar(count(Operation).where(*wanted)) or 0


def certificates_in_force(site: Site, award_id: int) -> int:
    with site.database() as session:
        wanted = (Certificate.award_id == award_id, Certificate.state.in_(IN_FORCE))
        return session.scalar(count(Certificate).where(*wanted)) or 0


def numbers_have_no_gap(site: Site) -> None:
    with site.database() as session:
        numbers = sorted(session.scalars(select(Certificate.sequence)))
        last = session.scalars(select(NumberSequence.value)).one()
        approvals = session.scalar(count(AuditEntry).where(AuditEntry.act == "certificate.approve"))
        assert list(audit.check(session)) == []
    assert numbers == list(range(1, last + 1))
    assert approvals == last


def grade_fits(site: Site, who: Visitor) -> None:
    attempt = only_attempt(site, who, "cek")
    with site.database() as session:
        rows = session.scalars(
            select(Response).where(Response.attempt_id == attempt.id).order_by(Response.position)
        ).all()
    first = rows[0]
    assert first.earned == (1 if first.answer == {"text": "2"} else 0)
    assert attempt.earned == sum(row.earned or 0 for row in rows)


def waiting_award(site: Site) -> int:
    """The award of somebody who has finished the course: the rows that learning and its handler leave."""
    who = site.somebody()
    with site.app.app_context(), Session(db.engine) as session:
        begin_writing(session)
        enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == who.person_id)).one()
        enrolment.completed_at = clock.now()
        enrolment.completed_edition_id = session.scalars(select(Edition.id).where(Edition.is_current)).one()
        session.flush()
        award(session, enrolment.id, issuer())
        award_id = session.scalars(select(Award.id).where(Award.enrolment_id == enrolment.id)).one()
        session.commit()
    return award_id

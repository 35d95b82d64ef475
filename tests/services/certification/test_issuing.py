"""From completed to numbered: one award, one decision, one certificate in force, no gap in the numbers."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.extensions import db
from courses import audit, clock
from courses.authoring.course import CertificateKind, CertificateRule, Issue, Module
from courses.certification.document import CertificateContent
from courses.certification.issuing import (
    AlreadyDecided,
    AlreadyIssued,
    AwardNotFound,
    NumberTaken,
    approve,
    approve_all,
    award,
    decline,
)
from courses.certification.models import Award, Certificate, NumberSequence
from courses.certification.register import revoke
from courses.database import begin_writing
from courses.jobs.models import Outbox
from courses.learning.enrolling import enrol
from courses.learning.models import Enrolment
from courses.people.models import Person, PersonNumber
from tests.services.certification.awards import (
    ARSIP,
    ISSUER,
    NOON,
    approved,
    completed,
    crowd,
    decision,
    earned,
    paper,
    wita,
)
from tests.services.crowd import at_once, second_while_first_is_open, writing
from tests.services.editions import course, lesson, practice, published

AUTOMATIC = replace(ARSIP, certificate=CertificateRule(CertificateKind.PASSED, Issue.AUTOMATIC))


def count(model: type) -> int:
    with Session(db.engine) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def numbers() -> list[str]:
    with Session(db.engine) as session:
        return list(session.scalars(select(Certificate.number).order_by(Certificate.sequence)))


def asked_for(topic: str) -> list[object]:
    with Session(db.engine) as session:
        return list(session.scalars(select(Outbox.payload).where(Outbox.topic == topic)))


def acts(subject: tuple[str, int]) -> list[tuple[str, int]]:
    with Session(db.engine) as session:
        return [(entry.act, entry.actor_id) for entry in audit.entries_about(session, subject)]


def content(certificate_id: int) -> CertificateContent:
    return CertificateContent.from_json(paper(certificate_id).content)


class TestAwarding:
    def test_a_completed_course_waits_for_approval(self, learner):
        found = decision(earned(learner))
        assert (found.state, found.person_id, found.earned_at) == ("waiting", learner.id, NOON)
        assert count(Certificate) == 0

    def test_asked_twice_it_is_one_award(self, learner):
        assert earned(learner) == earned(learner)
        assert count(Award) == 1

    def test_asked_eight_times_at_once_it_is_one_award_and_one_certificate(self, learner):
        enrolment_id = completed(learner.id, AUTOMATIC)
        assert at_once(8, lambda session: award(session, enrolment_id, ISSUER)) == [None] * 8
        assert (count(Award), count(Certificate)) == (1, 1)

    def test_what_is_not_completed_or_not_there_earns_nothing(self, learner):
        view = published(ARSIP)
        writing(lambda session: enrol(session, learner.id, view))
        with Session(db.engine) as session:
            enrolment_id = session.scalars(select(Enrolment.id)).one()
        writing(lambda session: award(session, enrolment_id, ISSUER))
        writing(lambda session: award(session, 404, ISSUER))
        assert count(Award) == 0

    def test_where_the_course_says_so_it_is_numbered_at_once_by_nobody(self, learner):
        found = decision(earned(learner, AUTOMATIC))
        assert (found.state, found.decided_by) == ("approved", None)
        with Session(db.engine) as session:
            certificate_id = session.scalars(select(Certificate.id)).one()
        assert acts(("certificate", certificate_id)) == [("certificate.approve", audit.SYSTEM)]
        assert asked_for("certificate_numbered") == [{"certificate_id": certificate_id}]

    def test_a_second_person_gets_a_certificate_of_their_own(self, learner, other_learner):
        awards = [earned(who, AUTOMATIC) for who in (learner, other_learner)]
        assert [paper(n).award_id for n in _ids()] == awards

    def test_it_is_an_award_of_the_edition_that_was_completed(self, learner):
        first = published(ARSIP)
        enrolment_id = completed(learner.id)
        published(replace(ARSIP, title="Arsip baru", hours=Decimal(9)))
        writing(lambda session: award(session, enrolment_id, ISSUER))
        with Session(db.engine) as session:
            award_id = session.scalars(select(Award.id)).one()
        assert decision(award_id).edition_id == first.id
        printed = content(approved(award_id))
        assert (printed.title, printed.hours) == ("Arsip", Decimal(6))


class TestNumbers:
    def test_they_follow_one_another(self, app):
        with clock.pinned(NOON):
            for who in crowd(3):
                approved(earned(who))
        assert numbers() == [f"800.2.3/0000{n}/BKPSDM/XI/2026" for n in (1, 2, 3)]

    def test_eight_approvals_at_once_leave_no_gap_and_no_double(self, app):
        waiting = iter([earned(who) for who in crowd(8)])
        with clock.pinned(NOON):
            outcomes = at_once(8, lambda session: approve(session, next(waiting), ISSUER, by=0))
        assert all(isinstance(outcome, int) for outcome in outcomes)
        assert numbers() == [f"800.2.3/0000{n}/BKPSDM/XI/2026" for n in range(1, 9)]

    def test_a_rollback_gives_the_number_back(self, session, app):
        first, second = (earned(who) for who in crowd(2))
        begin_writing(session)
        approve(session, first, ISSUER, by=0)
        session.rollback()
        with clock.pinned(NOON):
            approved(second)
        assert numbers() == ["800.2.3/00001/BKPSDM/XI/2026"]

    def test_who_waits_for_an_approval_that_is_rolled_back_gets_its_number(self, app):
        first, second = (earned(who) for who in crowd(2))
        outcome = second_while_first_is_open(
            lambda session: approve(session, first, ISSUER, by=0),
            lambda session: approve(session, second, ISSUER, by=0),
            commits=False,
        )
        assert isinstance(outcome, int)
        assert paper(outcome).sequence == 1

    @pytest.mark.parametrize(
        ("moment", "year", "day"),
        [
            (wita(2026, 12, 31, 23, 59, 59), 2026, date(2026, 12, 31)),
            (wita(2027, 1, 1, 0, 0), 2027, date(2027, 1, 1)),  # still last year in UTC
            (wita(2027, 1, 1, 8, 0), 2027, date(2027, 1, 1)),
        ],
    )
    def test_the_year_is_the_one_where_the_office_is(self, learner, moment, year, day):
        with clock.pinned(moment):
            found = paper(approved(earned(learner)))
        assert (found.year, found.issued_on, found.number[-4:]) == (year, day, str(year))

    def test_every_year_begins_at_one(self, app):
        first, second, third = (earned(who) for who in crowd(3))
        with clock.pinned(wita(2026, 12, 31, 12, 0)) as move:
            approved(first)
            move(wita(2027, 1, 1, 12, 0))
            approved(second)
            approved(third)
        assert [paper(n).sequence for n in _ids()] == [1, 1, 2]

    def test_another_pattern_is_another_series(self, app):
        first, second = (earned(who) for who in crowd(2))
        approved(first)
        assert paper(approved(second, replace(ISSUER, unit="SEKDA"))).sequence == 1
        assert count(NumberSequence) == 2

    def test_a_number_that_an_earlier_pattern_gave_out_is_refused_by_its_name(self, app):
        first, second = (earned(who) for who in crowd(2))
        approved(first, replace(ISSUER, pattern="{urut}/{unit}/{tahun}"))
        with pytest.raises(NumberTaken) as refusal:
            approved(second, replace(ISSUER, pattern="{urut}/BKPSDM/{tahun}"))
        assert refusal.value.facts["number"].startswith("1/BKPSDM/")
        assert decision(second).state == "waiting"


def _ids() -> list[int]:
    with Session(db.engine) as session:
        return list(session.scalars(select(Certificate.id).order_by(Certificate.id)))


class TestDeciding:
    def test_an_approval_numbers_freezes_says_who_and_asks_for_a_signature(self, learner, admin):
        award_id = earned(learner)
        with clock.pinned(NOON):
            certificate_id = approved(award_id, by=admin.id)
        found = paper(certificate_id)
        assert (found.state, found.pdf_sha256, found.numbered_at) == ("signing", None, NOON)
        assert (found.person_id, found.award_id, len(found.code)) == (learner.id, award_id, 26)
        decided = decision(award_id)
        assert (decided.state, decided.decided_by, decided.decided_at) == ("approved", admin.id, NOON)
        assert acts(("certificate", certificate_id)) == [("certificate.approve", admin.id)]
        assert asked_for("certificate_numbered") == [{"certificate_id": certificate_id}]

    def test_what_is_printed_is_frozen(self, learner):
        with clock.pinned(NOON):
            certificate_id = approved(earned(learner))
        before = content(certificate_id)
        writing(lambda session: session.execute(update(Person).values(name="Nama lain", rank="")))
        writing(lambda session: session.execute(update(PersonNumber).values(number="199001012015031002")))
        assert content(certificate_id) == before
        assert (before.name, before.nip, before.rank, before.grade, before.position, before.unit) == (
            learner.name,
            learner.nip,
            "Penata Tk. I",
            "III/d",
            "Guru Ahli Muda",
            "Dinas Pendidikan",
        )
        assert before.verify_address == f"https://bina.example/verify/{paper(certificate_id).code}"
        assert (before.number, before.issued_on) == (paper(certificate_id).number, date(2026, 11, 24))

    def test_dates_are_days_where_the_office_is(self, learner):
        late = wita(2026, 11, 24, 0, 30)  # the day before in UTC
        with clock.pinned(late):
            printed = content(approved(earned(learner, at=late)))
        assert (printed.begun_on, printed.completed_on, printed.issued_on) == (date(2026, 11, 24),) * 3

    def test_modules_and_steps_outside_them_share_the_hours_exactly(self, learner):
        printed = content(
            approved(earned(learner, course("b", lesson("satu"), practice("cek"), hours=Decimal("2.5"))))
        )
        assert [(module.title, module.hours) for module in printed.modules] == [
            ("Satu", Decimal("1.5")),
            ("Cek", Decimal("1")),
        ]

    def test_a_module_is_one_line_however_many_steps_it_has(self, learner):
        parts = (Module("awal", "Awal", (lesson("satu"), lesson("dua"))), practice("cek"))
        printed = content(approved(earned(learner, course("b", *parts, hours=Decimal("3.25")))))
        assert [(module.title, module.hours) for module in printed.modules] == [
            ("Awal", Decimal("2.5")),
            ("Cek", Decimal("0.75")),
        ]

    def test_a_person_without_number_and_unit_gets_a_certificate_too(self, app):
        [guest] = crowd(1)
        printed = content(approved(earned(guest)))
        assert (printed.nip, printed.unit) == ("", "")

    def test_approved_twice_it_is_refused(self, learner):
        award_id = earned(learner)
        approved(award_id)
        with pytest.raises(AlreadyIssued) as refusal:
            approved(award_id)
        assert refusal.value.facts == {"award": award_id}
        assert count(Certificate) == 1

    def test_of_eight_approvals_at_once_one_makes_the_certificate(self, learner):
        award_id = earned(learner)
        outcomes = at_once(8, lambda session: approve(session, award_id, ISSUER, by=0))
        kinds = sorted(type(outcome).__name__ for outcome in outcomes)
        assert kinds == ["AlreadyIssued"] * 7 + ["int"]
        assert [paper(n).sequence for n in _ids()] == [1]
        assert len(asked_for("certificate_numbered")) == 1

    def test_an_award_that_is_not_there_cannot_be_decided(self, app):
        with pytest.raises(AwardNotFound):
            approved(404)
        with pytest.raises(AwardNotFound):
            writing(lambda session: decline(session, 404, "alasan", by=1))

    def test_a_decline_has_a_reason_and_a_person(self, learner, admin):
        award_id = earned(learner)
        with clock.pinned(NOON):
            writing(lambda session: decline(session, award_id, "Belum lengkap", by=admin.id))
        found = decision(award_id)
        assert (found.state, found.reason, found.decided_by, found.decided_at) == (
            "declined",
            "Belum lengkap",
            admin.id,
            NOON,
        )
        assert acts(("award", award_id)) == [("certificate.decline", admin.id)]

    def test_what_was_declined_is_decided(self, learner, admin):
        award_id = earned(learner)
        writing(lambda session: decline(session, award_id, "x", by=admin.id))
        with pytest.raises(AlreadyDecided):
            approved(award_id)
        with pytest.raises(AlreadyDecided):
            writing(lambda session: decline(session, award_id, "y", by=admin.id))
        assert (decision(award_id).reason, count(Certificate)) == ("x", 0)

    def test_what_was_approved_cannot_be_declined(self, learner, admin):
        award_id = earned(learner)
        approved(award_id)
        with pytest.raises(AlreadyDecided):
            writing(lambda session: decline(session, award_id, "x", by=admin.id))
        assert decision(award_id).state == "approved"

    @pytest.mark.parametrize("first_approves", [True, False])
    def test_of_an_approval_and_a_decline_at_the_same_moment_the_first_counts(
        self, learner, admin, first_approves
    ):
        award_id = earned(learner)
        say_yes = lambda session: approve(session, award_id, ISSUER, by=admin.id)  # noqa: E731
        say_no = lambda session: decline(session, award_id, "x", by=admin.id)  # noqa: E731
        first, second = (say_yes, say_no) if first_approves else (say_no, say_yes)
        assert isinstance(second_while_first_is_open(first, second), AlreadyDecided)
        assert decision(award_id).state == ("approved" if first_approves else "declined")
        assert count(Certificate) == int(first_approves)

    def test_several_are_approved_together_or_not_at_all(self, admin):
        awards = [earned(who) for who in crowd(3)]
        writing(lambda session: decline(session, awards[1], "x", by=admin.id))
        with pytest.raises(AlreadyDecided):
            writing(lambda session: approve_all(session, awards, ISSUER, by=0))
        assert count(Certificate) == 0
        writing(lambda session: approve_all(session, [awards[2], awards[0], awards[2]], ISSUER, by=0))
        assert [paper(n).award_id for n in _ids()] == [awards[0], awards[2]]

    def test_two_who_approve_the_same_several_in_other_orders_do_not_wait_forever(self, app):
        awards = [earned(who) for who in crowd(4)]
        orders = iter([awards, awards[::-1]] * 2)
        outcomes = at_once(4, lambda session: approve_all(session, next(orders), ISSUER, by=0))
        assert sorted(str(type(outcome).__name__) for outcome in outcomes) == ["AlreadyIssued"] * 3 + [
            "NoneType"
        ]
        assert count(Certificate) == 4

    def test_after_a_revocation_the_award_may_get_another_certificate_with_another_number(self, learner):
        award_id = earned(learner)
        first = approved(award_id)
        writing(lambda session: session.execute(update(Certificate).values(state="issued")))
        writing(lambda session: revoke(session, first, "salah nama", by=0))
        second = approved(award_id)
        assert (paper(second).sequence, paper(second).state) == (2, "signing")
        assert paper(second).code != paper(first).code
        with pytest.raises(AlreadyIssued):
            approved(award_id)


def test_earned_long_ago_is_numbered_today(learner):
    with clock.pinned(NOON):
        found = paper(approved(earned(learner, at=NOON - timedelta(days=400))))
    assert (found.year, found.issued_on) == (2026, date(2026, 11, 24))

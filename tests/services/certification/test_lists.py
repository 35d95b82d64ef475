"""Documents and lists: a person finds their own papers, an admin all of them, a page at a time."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.extensions import db
from courses import clock
from courses.certification.issuing import decline
from courses.certification.listing import PAGE, held_by, hours_in_year, numbered, waiting
from courses.certification.register import (
    CertificateNotFound,
    document_of,
    revoke,
)
from tests.services.certification.awards import approved, crowd, earned, many_waiting, paper, wita
from tests.services.crowd import writing
from tests.services.editions import course, lesson


class TestDocuments:
    @pytest.mark.parametrize("revoked", [False, True])
    def test_its_holder_and_an_admin_may_fetch_it(self, session, certificate, learner, revoked):
        if revoked:
            writing(lambda session: revoke(session, certificate.id, "salah", by=0))
        expected = (certificate.pdf_sha256, certificate.number)
        assert document_of(session, certificate.code, learner.id) == expected
        assert document_of(session, certificate.code, None) == expected

    def test_for_anyone_else_it_is_not_there(self, session, certificate, other_learner):
        with pytest.raises(CertificateNotFound):
            document_of(session, certificate.code, other_learner.id)

    @pytest.mark.parametrize("code", ["", "x", "%", "\x00", "\ud800", "a" * 10_000])
    def test_another_code_leads_nowhere(self, session, certificate, learner, code):
        for person_id in (learner.id, None):
            with pytest.raises(CertificateNotFound):
                document_of(session, code, person_id)

    def test_what_is_not_signed_has_no_document(self, session, learner, desk):
        code = paper(approved(earned(learner))).code
        with pytest.raises(CertificateNotFound):
            document_of(session, code, learner.id)


class TestLists:
    def held(self, who) -> list[tuple[str, str, bool, str]]:
        with Session(db.engine) as session:
            return [(p.title, p.state, bool(p.number and p.code), p.reason) for p in held_by(session, who.id)]

    def test_a_person_sees_each_paper_in_its_state(self, learner, other_learner, desk, admin):
        award_id = earned(learner)
        assert self.held(learner) == [("Arsip", "waiting", False, "")]
        certificate_id = approved(award_id)
        assert self.held(learner) == [("Arsip", "signing", False, "")]
        desk.issue(certificate_id)
        assert self.held(learner) == [("Arsip", "issued", True, "")]
        writing(lambda session: revoke(session, certificate_id, "salah", by=0))
        assert self.held(learner) == [("Arsip", "revoked", True, "salah")]
        approved(award_id)
        assert self.held(learner) == [("Arsip", "signing", False, "")]
        declined = earned(learner, course("lain", lesson("satu")))
        writing(lambda session: decline(session, declined, "Belum", by=admin.id))
        assert self.held(learner)[0] == ("Lain", "declined", False, "Belum")
        assert self.held(other_learner) == []

    def test_hours_of_a_year_are_those_in_force_issued_in_it(self, learner, other_learner, desk):
        courses = [
            course(slug, lesson("satu"), hours=Decimal(h))
            for slug, h in (("a", "2.5"), ("b", "4"), ("c", "8"))
        ]
        with clock.pinned(wita(2026, 12, 31, 23, 0)) as move:
            first = approved(earned(learner, courses[0]))
            second = approved(earned(learner, courses[1]))
            move(wita(2027, 1, 1, 0, 30))
            third = approved(earned(learner, courses[2]))
        for certificate_id in (first, second, third):
            desk.issue(certificate_id)
        writing(lambda session: revoke(session, second, "salah", by=0))
        with Session(db.engine) as session:
            hours = [hours_in_year(session, learner.id, year) for year in (2025, 2026, 2027)]
            assert hours == [Decimal(0), Decimal("2.5"), Decimal(8)]
            assert hours_in_year(session, other_learner.id, 2026) == 0

    def test_what_waits_comes_oldest_first_and_a_page_at_a_time(self, app):
        awards = [earned(who) for who in crowd(4)]
        approved(awards[1])
        with Session(db.engine) as session:
            assert [one.id for one in waiting(session)] == [awards[0], awards[2], awards[3]]
            assert [one.id for one in waiting(session, after=awards[0])] == [awards[2], awards[3]]
            assert waiting(session)[0].course_title == "Arsip"
            assert waiting(session)[0].unit_name == ""

    def test_who_waits_is_named_with_their_unit(self, learner):
        earned(learner)
        with Session(db.engine) as session:
            [one] = waiting(session)
        assert (one.person_name, one.unit_name, one.hours) == (learner.name, "Dinas Pendidikan", Decimal(6))

    def test_a_page_says_whether_there_is_more(self, app):
        many_waiting(PAGE + 2)
        with Session(db.engine) as session:
            first = waiting(session)
            assert len(first) == PAGE + 1
            assert len(waiting(session, after=first[PAGE - 1].id)) == 2

    def test_certificates_come_newest_first_by_state(self, app, desk):
        ids = [approved(earned(who)) for who in crowd(3)]
        desk.issue(ids[0])
        desk.issue(ids[1])
        writing(lambda session: revoke(session, ids[1], "salah", by=0))
        with Session(db.engine) as session:
            assert [one.id for one in numbered(session)] == ids[::-1]
            assert [one.id for one in numbered(session, before=ids[2])] == [ids[1], ids[0]]
            states = {
                state: [one.id for one in numbered(session, state)]
                for state in ("signing", "issued", "revoked")
            }
        assert states == {"signing": [ids[2]], "issued": [ids[0]], "revoked": [ids[1]]}

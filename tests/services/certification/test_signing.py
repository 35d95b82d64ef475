"""From numbered to issued: the same document however often it is made, and issued once."""

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.extensions import db
from courses import clock
from courses.certification.issuing import approve
from courses.certification.models import SigningKeyRow
from courses.certification.register import (
    revoke,
)
from courses.certification.signed import mark_issued, register_key
from courses.people.models import Person
from tests.services.certification.awards import ISSUER, NOON, approved, earned, paper
from tests.services.certification.papers import acts
from tests.services.crowd import at_once, second_while_first_is_open, writing


class TestSigning:
    def test_signed_it_is_issued_and_its_bytes_are_stored_by_their_hash(self, learner, desk, key):
        certificate_id = approved(earned(learner))
        with clock.pinned(NOON + timedelta(hours=1)):
            pdf = desk.issue(certificate_id)
        found = paper(certificate_id)
        assert found.state == "issued"
        assert desk.objects.get(found.pdf_sha256 or "") == pdf
        assert pdf.startswith(b"%PDF-1.7")
        assert (found.signed_at, found.key_fingerprint) == (NOON + timedelta(hours=1), key.fingerprint)
        assert acts(certificate_id) == ["certificate.approve", "certificate.sign"]

    def test_made_again_it_is_the_same_document(self, learner, desk):
        certificate_id = approved(earned(learner))
        with clock.pinned(NOON) as move:
            first = desk.make(certificate_id)
            move(NOON + timedelta(days=3))
            assert desk.make(certificate_id) == first

    def test_it_is_made_of_what_was_frozen(self, learner, desk):
        certificate_id = approved(earned(learner))
        before = desk.make(certificate_id)
        writing(lambda session: session.execute(update(Person).values(name="Nama lain")))
        assert desk.make(certificate_id) == before

    def test_it_is_issued_once(self, learner, desk):
        certificate_id = approved(earned(learner))
        document = desk.make(certificate_id)
        assert document is not None
        outcomes = at_once(4, lambda session: mark_issued(session, certificate_id, document))
        assert outcomes == [None] * 4
        assert acts(certificate_id) == ["certificate.approve", "certificate.sign"]
        assert desk.make(certificate_id) is None

    def test_late_work_does_not_bring_a_revoked_certificate_back(self, certificate, desk):
        document = desk.make(certificate.id)
        assert document is None
        writing(lambda session: revoke(session, certificate.id, "salah", by=0))
        assert desk.make(certificate.id) is None
        assert paper(certificate.id).state == "revoked"

    def test_nothing_is_made_of_what_is_not_there(self, desk):
        assert desk.make(404) is None

    def test_a_key_is_registered_once(self, app, key):
        assert [writing(lambda session: register_key(session, key)) for _ in range(2)] == [True, False]
        with Session(db.engine) as session:
            assert session.scalar(select(func.count()).select_from(SigningKeyRow)) == 1


def test_numbering_and_signing_never_hold_each_other_up(learner, other_learner, desk):
    first = approved(earned(learner))
    document = desk.make(first)
    assert document is not None
    second = earned(other_learner)
    outcome = second_while_first_is_open(
        lambda session: mark_issued(session, first, document),
        lambda session: approve(session, second, ISSUER, by=0),
    )
    assert isinstance(outcome, int)

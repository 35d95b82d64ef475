"""From numbered to issued, and what a stranger is told: valid is only what is whole and in force."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.extensions import db
from courses import audit, clock, randomness
from courses.certification.issuing import approve, decline
from courses.certification.keys import KeyOwner, SigningKey, make_signing_key
from courses.certification.listing import PAGE, held_by, hours_in_year, numbered, waiting
from courses.certification.models import Certificate, SigningKeyRow
from courses.certification.register import (
    CertificateNotFound,
    NotRevocable,
    Status,
    Verification,
    document_of,
    read_code,
    revoke,
    verify_code,
    verify_file,
)
from courses.certification.signed import mark_issued, register_key
from courses.certification.signing import LocalSigner
from courses.certification.wording import UNCERTIFIED
from courses.people.models import Person
from tests.corpora import corpus
from tests.services.awards import ISSUER, NOON, Desk, approved, crowd, earned, many_waiting, paper, wita
from tests.services.crowd import at_once, second_while_first_is_open, writing
from tests.services.doses import dose
from tests.services.editions import course, lesson

FLIPS = dose(quick=60, full=2000)
GUESSES = dose(quick=500, full=10_000)


@pytest.fixture(scope="module")
def key(tmp_path_factory) -> SigningKey:
    return make_signing_key(tmp_path_factory.mktemp("keys"), owner=KeyOwner("Bina", "BKPSDM"), at=NOON)


@pytest.fixture(scope="module")
def signer(key) -> LocalSigner:
    return LocalSigner(key)


@pytest.fixture
def desk(app, key, signer, tmp_path) -> Desk:
    """A desk whose key is known to the register."""
    writing(lambda session: register_key(session, key))
    return Desk.at(signer, key, tmp_path / "objects")


@pytest.fixture
def certificate(learner, desk) -> Certificate:
    """An issued certificate of the learner."""
    with clock.pinned(NOON):
        certificate_id = approved(earned(learner))
        desk.issue(certificate_id)
    return paper(certificate_id)


def by_code(code: str) -> Verification:
    with Session(db.engine) as session:
        return verify_code(session, code)


def by_file(pdf: bytes) -> Verification:
    with Session(db.engine) as session:
        return verify_file(session, pdf)


def acts(certificate_id: int) -> list[str]:
    with Session(db.engine) as session:
        return [entry.act for entry in audit.entries_about(session, ("certificate", certificate_id))]


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


class TestByCode:
    def test_a_certificate_in_force_is_valid_and_says_what_a_stranger_may_know(self, certificate, learner):
        assert by_code(certificate.code) == Verification(
            status=Status.VALID,
            name=learner.name,
            masked_nip="1987••••••••••2003",
            title="Arsip",
            hours=Decimal(6),
            number="800.2.3/00001/BKPSDM/XI/2026",
            kind="lulus",
            issued_on=date(2026, 11, 24),
            issuer="BKPSDM Kota Mataram",
            signature_label=UNCERTIFIED,
        )

    def test_the_whole_number_of_a_person_is_never_told(self, certificate, learner):
        assert learner.nip not in repr(by_code(certificate.code))

    def test_a_code_may_be_copied_by_hand(self, certificate):
        code = certificate.code
        spelled = (
            code.upper(),
            f" {code[:13]} {code[13:]}\n",
            "-".join([code[:5], code[5:]]),
            code.replace("0", "O").replace("1", "l"),
            code.replace("0", "o").replace("1", "I"),
        )
        assert [by_code(written).status for written in spelled] == [Status.VALID] * 5

    def test_what_is_not_signed_yet_is_unknown(self, learner, desk):
        assert by_code(paper(approved(earned(learner))).code) == Verification(Status.UNKNOWN)

    def test_no_guess_is_taken_and_all_get_one_answer(self, certificate):
        chance = random.Random(4)
        alphabet, code = randomness.READABLE, certificate.code
        guesses = ["".join(chance.choices(alphabet, k=26)) for _ in range(GUESSES)]
        near = [code[:n] + chance.choice(alphabet.replace(code[n], "")) + code[n + 1 :] for n in range(26)]
        odd = [
            code[:-1],
            code + "0",
            code[::-1],
            "",
            "%" * 26,
            "_" * 26,
            code.replace(code[0], "u"),
            "\x00" * 26,
        ]
        with Session(db.engine) as session:
            answers = {verify_code(session, guess) for guess in [*guesses, *near, *odd] if guess != code}
        assert answers == {Verification(Status.UNKNOWN)}

    def test_the_corpus_of_certificate_ids_is_unknown(self, certificate):
        assert {by_code(written) for written in corpus("cert_ids")} == {Verification(Status.UNKNOWN)}

    @pytest.mark.parametrize(
        "written", ["", "u" * 26, "a" * 25, "a" * 27, "é" * 26, "٣" * 26, "a" * 25 + "\x00"]
    )
    def test_what_cannot_be_a_code_is_none(self, written):
        assert read_code(written) == ""


class TestByFile:
    def test_the_file_itself_is_valid(self, certificate, desk):
        pdf = desk.objects.get(certificate.pdf_sha256)
        assert by_file(pdf) == by_code(certificate.code)

    def test_no_flipped_byte_is_accepted(self, certificate, desk):
        pdf = desk.objects.get(certificate.pdf_sha256)
        chance = random.Random(5)
        answers = set()
        for _ in range(FLIPS):
            at, other = chance.randrange(len(pdf)), bytes([chance.randrange(256)])
            if other != pdf[at : at + 1]:
                answers.add(by_file(pdf[:at] + other + pdf[at + 1 :]).status)
        assert answers <= {Status.TAMPERED, Status.UNKNOWN}
        assert Status.TAMPERED in answers

    @pytest.mark.parametrize("file", [b"", b"%PDF-1.7", b"GIF89a", b"\x00" * 1000])
    def test_what_is_no_certificate_is_unknown(self, certificate, file):
        assert by_file(file) == Verification(Status.UNKNOWN)

    def test_appended_bytes_make_it_tampered(self, certificate, desk):
        pdf = desk.objects.get(certificate.pdf_sha256)
        assert by_file(pdf + b"\n").status is Status.TAMPERED

    def test_a_genuine_file_that_the_register_does_not_have_cannot_be_verified(self, certificate, desk):
        pdf = desk.objects.get(certificate.pdf_sha256)
        writing(lambda session: session.execute(update(Certificate).values(pdf_sha256="0" * 64)))
        assert by_file(pdf) == Verification(Status.UNVERIFIABLE)

    def test_a_file_signed_by_a_key_that_is_not_ours_is_unknown(self, learner, desk, tmp_path):
        other = make_signing_key(tmp_path, owner=KeyOwner("Bina", "BKPSDM"), at=NOON)
        stranger = replace(desk, signer=LocalSigner(other), key=other)
        document = stranger.make(approved(earned(learner)))
        assert document is not None
        assert by_file(desk.objects.get(document.sha256)).status is Status.UNKNOWN

    def test_a_file_whose_key_was_taken_out_of_the_register_is_not_valid_though_its_hash_is_known(
        self, certificate, desk
    ):
        pdf = desk.objects.get(certificate.pdf_sha256)
        writing(lambda session: session.execute(SigningKeyRow.metadata.tables["signing_key"].delete()))
        assert by_file(pdf).status is Status.UNKNOWN

    def test_after_a_change_of_keys_what_the_old_one_signed_stays_valid(self, certificate, desk, tmp_path):
        new = make_signing_key(tmp_path, owner=KeyOwner("Bina", "BKPSDM"), at=NOON)
        writing(lambda session: register_key(session, new))
        assert by_file(desk.objects.get(certificate.pdf_sha256)).status is Status.VALID


class TestRevoking:
    def test_it_shows_at_once_with_its_reason_by_code_and_by_file(self, certificate, desk, admin):
        with clock.pinned(NOON + timedelta(days=1)):
            writing(lambda session: revoke(session, certificate.id, "Nama keliru", by=admin.id))
        told = by_code(certificate.code)
        assert (told.status, told.reason, told.revoked_at) == (
            Status.REVOKED,
            "Nama keliru",
            NOON + timedelta(days=1),
        )
        assert by_file(desk.objects.get(certificate.pdf_sha256)) == told
        assert acts(certificate.id)[-1] == "certificate.revoke"

    def test_it_is_revoked_once(self, certificate):
        outcomes = at_once(4, lambda session: revoke(session, certificate.id, "salah", by=0))
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType"] + ["NotRevocable"] * 3
        assert acts(certificate.id).count("certificate.revoke") == 1

    def test_what_is_not_signed_yet_cannot_be_revoked(self, learner, desk):
        certificate_id = approved(earned(learner))
        with pytest.raises(NotRevocable):
            writing(lambda session: revoke(session, certificate_id, "salah", by=0))

    def test_what_is_not_there_cannot_be_revoked(self, app):
        with pytest.raises(CertificateNotFound):
            writing(lambda session: revoke(session, 404, "salah", by=0))

    def test_a_revocation_while_it_is_being_signed_waits_and_then_counts(self, learner, desk):
        certificate_id = approved(earned(learner))
        document = desk.make(certificate_id)
        assert document is not None
        outcome = second_while_first_is_open(
            lambda session: mark_issued(session, certificate_id, document),
            lambda session: revoke(session, certificate_id, "salah", by=0),
        )
        assert outcome is None
        assert paper(certificate_id).state == "revoked"

    def test_the_replacement_is_another_paper_and_the_first_stays_revoked(self, certificate, desk):
        writing(lambda session: revoke(session, certificate.id, "Nama keliru", by=0))
        with clock.pinned(NOON):
            second = approved(certificate.award_id)
            desk.issue(second)
        assert by_code(certificate.code).status is Status.REVOKED
        assert by_code(paper(second).code).number == "800.2.3/00002/BKPSDM/XI/2026"


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

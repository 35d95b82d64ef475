"""What a stranger is told: valid is only what is whole, signed by us, and in force."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.extensions import db
from courses import clock, randomness
from courses.certification.keys import KeyOwner, make_signing_key
from courses.certification.models import Certificate, SigningKeyRow
from courses.certification.register import (
    CertificateNotFound,
    NotRevocable,
    Status,
    Verification,
    read_code,
    revoke,
    verify_code,
)
from courses.certification.signed import mark_issued, register_key
from courses.certification.signing import LocalSigner
from courses.certification.wording import UNCERTIFIED
from tests.corpora import corpus
from tests.services.certification.awards import (
    NOON,
    approved,
    earned,
    paper,
)
from tests.services.certification.papers import acts, by_code, by_file
from tests.services.crowd import at_once, second_while_first_is_open, writing
from tests.services.doses import dose

FLIPS = dose(quick=60, full=2000)
GUESSES = dose(quick=500, full=10_000)


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

"""The last mark: two judges who know nothing of our code confirm it, and the document stays as it was set."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from courses.certification.inspection import examine
from courses.certification.signing import AlreadySigned, LocalSigner, NotSignable
from tests.rules.certification.papers import SIGNED_AT, judged_by, text_of


def confirmed(pdf, key):
    """What pyHanko's own validator says, trusting our certificate and nothing else."""
    der = key.certificate.public_bytes(serialization.Encoding.DER)
    trust = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(der)], allow_fetching=False, moment=SIGNED_AT
    )
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return asyncio.run(async_validate_pdf_signature(signature, trust))


def test_pdfsig_confirms_it(signed, tmp_path):
    said = judged_by("pdfsig", "-nocert", pdf=signed, folder=tmp_path)
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    assert "Signature Type: ETSI.CAdES.detached" in said
    assert "Signing Hash Algorithm: SHA-256" in said
    assert "(tidak tersertifikasi)" in said
    assert said.count("Signature #") == 1


def test_pdfsig_refuses_an_altered_one(signed, tmp_path):
    altered = signed.replace(b"Baiq Nurul Aini", b"Baiq Nurul Aina")
    assert altered != signed
    said = judged_by("pdfsig", "-nocert", pdf=altered, folder=tmp_path)
    assert "Signature is Valid" not in said


def test_pyhanko_confirms_it(signed, key):
    status = confirmed(signed, key)
    assert status.bottom_line, status.summary()
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.modification_level is ModificationLevel.NONE
    assert status.docmdp_ok
    assert status.md_algorithm == "sha256"


def test_it_certifies_and_allows_no_later_change(signed):
    reader = PdfFileReader(BytesIO(signed))
    (signature,) = reader.embedded_signatures
    assert signature.docmdp_level is MDPPerm.NO_CHANGES
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert str(signature.sig_object["/Reason"]) == "Penerbitan sertifikat"
    assert signature.self_reported_timestamp == SIGNED_AT
    assert reader.root["/Perms"]["/DocMDP"].get_object() == signature.sig_object


def test_the_field_is_not_seen_and_still_fit_for_archives(signed):
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    field = signature.sig_field
    assert {float(number) for number in field["/Rect"]} == {-9999.0}
    assert field["/F"] & 4  # printable, as PDF/A wants
    assert not field["/F"] & 2  # not hidden, as PDF/A wants
    assert str(field["/TU"]) == "Tanda tangan elektronik"


def test_it_is_no_longer_than_it_must_be(plain, signed):
    assert len(signed) - len(plain) < 5_000


def test_the_document_lies_in_it_untouched(plain, signed):
    assert signed.startswith(plain)
    added = signed[len(plain) :]
    assert b"/Metadata " in added  # still the same metadata object
    assert b"pyHanko" not in added
    assert b"/Version" not in added  # still PDF 1.7, as PDF/A-3 wants
    assert re.findall(rb"\(D\\072(\d+Z)", added) == [b"20261124010000Z"]


def test_it_reads_the_same_and_claims_the_same(plain, signed, tmp_path):
    assert text_of(signed, tmp_path) == text_of(plain, tmp_path)
    assert judged_by("pdfinfo", "-meta", pdf=signed, folder=tmp_path) == judged_by(
        "pdfinfo", "-meta", pdf=plain, folder=tmp_path
    )


def test_signing_twice_gives_the_same_bytes(plain, signed, signer, key):
    assert signer.sign(plain, reason="Penerbitan sertifikat", at=SIGNED_AT) == signed
    assert LocalSigner(key).sign(plain, reason="Penerbitan sertifikat", at=SIGNED_AT) == signed


def test_another_moment_or_reason_gives_other_bytes(plain, signed, signer):
    assert signer.sign(plain, reason="Penerbitan sertifikat", at=SIGNED_AT + timedelta(seconds=1)) != signed
    assert signer.sign(plain, reason="Penggantian sertifikat", at=SIGNED_AT) != signed


def test_the_moment_is_the_same_in_any_zone(plain, signed, signer):
    in_mataram = datetime.fromisoformat("2026-11-24T09:00:00+08:00")
    assert signer.sign(plain, reason="Penerbitan sertifikat", at=in_mataram) == signed


def test_many_different_documents_fit_the_room_kept_for_a_signature(plain, signer, known):
    for second in range(60):
        pdf = signer.sign(plain, reason="uji", at=SIGNED_AT + timedelta(seconds=second))
        assert examine(pdf, known=known).authentic


@pytest.mark.parametrize("reason", ["Sertifikat (800.2.3/1) \\", "Ḥasan 🌱", ""])
def test_a_reason_is_only_text(plain, signer, key, reason):
    pdf = signer.sign(plain, reason=reason, at=SIGNED_AT)
    assert confirmed(pdf, key).bottom_line


def test_a_signed_document_is_not_signed_again(signed, signer):
    with pytest.raises(AlreadySigned):
        signer.sign(signed, reason="lagi", at=SIGNED_AT)


@pytest.mark.parametrize(
    "junk", [b"", b"%PDF-1.7\n", b"not a pdf", b"\0" * 5000], ids=["nothing", "a head", "text", "zeros"]
)
def test_what_is_no_pdf_is_not_signed(junk, signer):
    with pytest.raises(NotSignable):
        signer.sign(junk, reason="uji", at=SIGNED_AT)


def test_a_moment_needs_a_time_zone(plain, signer):
    with pytest.raises(ValueError, match="time zone"):
        signer.sign(plain, reason="uji", at=SIGNED_AT.astimezone(UTC).replace(tzinfo=None))

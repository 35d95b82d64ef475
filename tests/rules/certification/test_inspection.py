"""Hostile bytes: whatever is done to a signed certificate, or signed like one, nothing is accepted."""

import asyncio
import hashlib
import random
import time
from io import BytesIO

import pytest
from asn1crypto import cms, keys
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from courses.certification import marks, signing
from courses.certification.document import Attachment, ModuleHours, typeset
from courses.certification.inspection import (
    LARGEST,
    Examination,
    PdfTooLarge,
    Standing,
    describe,
    examine,
    status_without_register,
)
from courses.certification.keys import P256_ORDER, SigningKey, make_signing_key
from courses.certification.signing import LocalSigner
from tests.rules.certification.papers import CODE, OWNER, SIGNED_AT, certificate, corpus, dose


@pytest.fixture(scope="module")
def forger(tmp_path_factory) -> SigningKey:
    """Someone else's key, with every name in its certificate as in ours."""
    return make_signing_key(tmp_path_factory.mktemp("forger"), owner=OWNER, at=SIGNED_AT)


def sign(key, pdf):
    return LocalSigner(key).sign(pdf, reason="Penerbitan sertifikat", at=SIGNED_AT)


def accepted(pdf, known):
    return examine(pdf, known=known).authentic


# ---- what is ours ----


def test_our_own_is_recognised(signed, key, known):
    assert examine(signed, known=known) == Examination(
        sha256=hashlib.sha256(signed).hexdigest(),
        readable=True,
        signatures=1,
        signed_by=key.fingerprint,
        intact=True,
        whole=True,
        signed_at=SIGNED_AT,
        code=CODE,
    )


def test_it_is_recognised_among_many_keys(signed, key, known, forger):
    assert accepted(signed, known | {forger.fingerprint: forger.certificate})


def test_without_the_register_it_is_never_called_valid(signed, known, plain):
    standings = {
        status_without_register(examine(pdf, known=known)) for pdf in (signed, plain, b"", signed[:-1])
    }
    assert status_without_register(examine(signed, known=known)) is Standing.UNVERIFIABLE
    assert "valid" not in {standing.value for standing in Standing} | standings


def test_an_authentic_document_tells_what_it_is(signed, known):
    told = describe(signed, examine(signed, known=known))
    assert told is not None
    assert told.title == (
        "Sertifikat Kelulusan 800.2.3/00042/BKPSDM/XI/2026: "
        "Manajemen pendidikan dan pengelolaan sumber daya sekolah (Baiq Nurul Aini, S.Pd., M.Pd.)"
    )
    assert told.author == "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia"
    assert told.address == certificate().verify_address


def test_only_an_authentic_document_is_listened_to(signed, plain, known):
    assert describe(plain, examine(plain, known=known)) is None
    assert describe(signed + b" ", examine(signed, known=known)) is None
    assert describe(signed, examine(signed, known={})) is None


@pytest.mark.parametrize(
    "text",
    [
        "/ByteRange [0 10 20 30]",
        "/ByteRange [0 100 200 300] " * 10,
        "%%EOF endobj /Type /Sig /Contents <00>",
        "<x:xmpmeta></x:xmpmeta>",
        "/verify/",
    ],
)
def test_a_name_that_looks_like_a_signature_does_no_harm(text, signer, known):
    content = certificate(name=text, title=text, modules=(ModuleHours(text, certificate().hours),))
    badge = Attachment("a.txt", text.encode(), "text/plain", "x")
    pdf = signer.sign(typeset(content, [badge]), reason=text, at=SIGNED_AT)
    examination = examine(pdf, known=known)
    assert examination.authentic
    assert examination.code == CODE
    told = describe(pdf, examination)
    assert told is not None
    assert text.strip() in told.title


# ---- what is not ----


def test_altered_bytes_are_never_accepted(signed, known):
    """The stated figure is 10,000, of which 1,000 in the signed range and 1,000 in the signature itself."""
    tries = dose(quick=300, full=10_000)
    covered, container = ranges_of(signed)
    rng = random.Random(20261124)
    places = [rng.choice(covered) for _ in range(tries // 10)]
    places += [rng.choice(container) for _ in range(tries // 10)]
    places += [rng.randrange(len(signed)) for _ in range(tries - len(places))]
    for place in places:
        altered = bytearray(signed)
        altered[place] ^= rng.randrange(1, 256)
        assert not accepted(bytes(altered), known), place


def test_no_single_bit_of_the_signature_can_change(signed, known):
    _, container = ranges_of(signed)
    step = dose(quick=41, full=1)
    for place in container[::step]:
        for bit in range(8):
            altered = bytearray(signed)
            altered[place] ^= 1 << bit
            assert not accepted(bytes(altered), known), (place, bit)


def test_most_alterations_are_called_tampered(signed, known):
    altered = signed.replace(b"Baiq Nurul Aini", b"Baiq Nurul Aina")
    examination = examine(altered, known=known)
    assert status_without_register(examination) is Standing.TAMPERED
    assert examination.signed_by in known
    assert not examination.intact
    assert examination.signed_at is None


@pytest.mark.parametrize(
    "more", [b"\n", b" ", b"\0", b"%%EOF\n", b"% note", b"1 0 obj\n<<>>\nendobj\n", b"\0" * 9000], ids=repr
)
def test_appended_bytes_are_never_accepted(signed, known, more):
    assert status_without_register(examine(signed + more, known=known)) is Standing.TAMPERED
    assert not accepted(more + signed, known)


@pytest.mark.parametrize("cut", [1, 2, 5, 100, 1000, 5000])
def test_a_cut_file_is_never_accepted(signed, known, cut):
    assert not accepted(signed[:-cut], known)
    assert not accepted(signed[cut:], known)


def test_a_later_revision_is_never_accepted(signed, known):
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    writer.root["/Lang"] = generic.pdf_string("en")
    writer.update_root()
    output = BytesIO()
    writer.write(output)
    assert output.getvalue().startswith(signed)
    assert status_without_register(examine(output.getvalue(), known=known)) is Standing.TAMPERED


def test_a_second_signature_is_never_accepted(signed, known, forger):
    pdf = signed_over(signed, forger)
    examination = examine(pdf, known=known)
    assert examination.signatures == 2
    assert status_without_register(examination) is Standing.TAMPERED


def test_two_signatures_are_never_accepted_even_if_both_are_ours(signed, known, key, monkeypatch):
    monkeypatch.setattr(signing, "FIELD", "Lagi")
    monkeypatch.setattr(signing, "_unsigned", lambda pdf: PdfFileReader(BytesIO(pdf)))
    monkeypatch.setattr(signing._PlainPades, "_enforce_certification_constraints", lambda *_: None)
    examination = examine(sign(key, signed), known=known)
    assert examination.signatures == 2
    assert examination.intact
    assert not examination.authentic


def test_a_removed_signature_is_not_accepted(plain, known):
    examination = examine(plain, known=known)
    assert (examination.signatures, examination.code) == (0, CODE)
    assert status_without_register(examination) is Standing.UNKNOWN


def test_an_emptied_signature_is_not_accepted(signed, known):
    _, container = ranges_of(signed)
    emptied = bytearray(signed)
    emptied[container.start : container.stop] = b"0" * len(container)
    assert not accepted(bytes(emptied), known)


def test_another_key_with_the_same_names_is_not_accepted(plain, known, forger, key):
    assert forger.certificate.subject == key.certificate.subject
    forged = sign(forger, plain)
    examination = examine(forged, known=known)
    assert examination.whole
    assert examination.signed_by is None
    assert status_without_register(examination) is Standing.UNKNOWN
    assert accepted(forged, {forger.fingerprint: forger.certificate})


def test_our_certificate_over_another_key_is_not_accepted(plain, known, forger, key):
    forged = sign(SigningKey(forger.private, key.certificate), plain)
    examination = examine(forged, known=known)
    assert examination.signed_by == key.fingerprint
    assert not examination.intact
    assert status_without_register(examination) is Standing.TAMPERED


def test_a_fingerprint_is_of_the_whole_certificate(plain, known, forger, key):
    """A register that held our certificate under the forger's fingerprint would still not be fooled."""
    assert not accepted(sign(forger, plain), {forger.fingerprint: key.certificate})


def test_a_signature_from_another_certificate_of_ours_is_not_accepted(signed, signer, known):
    other = signer.sign(typeset(certificate(name="Orang Lain")), reason="Penerbitan sertifikat", at=SIGNED_AT)
    _, ours = ranges_of(signed)
    _, theirs = ranges_of(other)
    assert len(ours) == len(theirs)
    spliced = bytearray(other)
    spliced[theirs.start : theirs.stop] = signed[ours.start : ours.stop]
    assert not accepted(bytes(spliced), known)


def test_a_signature_says_nothing_when_no_key_is_known(signed):
    examination = examine(signed, known={})
    assert status_without_register(examination) is Standing.UNKNOWN
    assert examination.signed_by is None


def test_the_other_form_of_the_same_signature_is_not_accepted(signed, known):
    content, rewrite = opened(signed)
    info = content["content"]["signer_infos"][0]
    r, s = decode_dss_signature(info["signature"].native)
    assert s <= P256_ORDER // 2
    info["signature"] = encode_dss_signature(r, P256_ORDER - s)
    assert not accepted(rewrite(content), known)


def test_unsigned_extras_in_the_signature_are_not_accepted(signed, known, forger):
    content, rewrite = opened(signed)
    assert accepted(rewrite(content), known)
    extra = cms.Certificate.load(forger.certificate.public_bytes(Encoding.DER))
    content["content"]["certificates"].append(cms.CertificateChoices(name="certificate", value=extra))
    assert not accepted(rewrite(content), known)


def test_digits_in_lower_case_are_not_accepted(signed, known):
    _, container = ranges_of(signed)
    lowered = bytearray(signed)
    lowered[container.start : container.stop] = signed[container.start : container.stop].lower()
    assert not accepted(bytes(lowered), known)


def test_something_after_the_signature_in_its_room_is_not_accepted(signed, known):
    content, rewrite = opened(signed)
    assert not accepted(rewrite(content, after=b"\1"), known)


# ---- whatever is sent ----


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"%PDF-",
        b"%PDF-1.7\n/ByteRange [0 1 2 3]",
        b"%PDF-1.7\n/ByteRange [99999999 99999999 99999999 99999999]",
        b"%PDF-1.7\n<30>/ByteRange [0 9 13 0]",
        b"%PDF-1.7\n/ByteRange [0 0 0 0]",
        b"PK\3\4",
        "<html>sertifikat</html>".encode("utf-16"),
    ],
)
def test_junk_is_unknown(junk, known):
    assert status_without_register(examine(junk, known=known)) is Standing.UNKNOWN


def test_what_is_no_pdf_is_called_unreadable(known):
    assert not examine(b"hello", known=known).readable
    assert not examine(b"\n%PDF-1.7", known=known).readable


def test_random_containers_never_break_out(signed, known):
    """The decoder meets anything that fits between the brackets, and none of it escapes as an exception."""
    covered, container = ranges_of(signed)
    assert covered
    rng = random.Random(7)
    for _ in range(dose(quick=200, full=5000)):
        tag = bytes([rng.choice([0x30, 0x31, 0xA0, 0x04, 0x06, 0x80, rng.randrange(256)])])
        noise = (tag + rng.randbytes(len(container) // 2 - 1)).hex().upper().encode()
        changed = bytearray(signed)
        changed[container.start : container.stop] = noise
        assert not accepted(bytes(changed), known)


def test_deep_nesting_in_a_container_is_only_junk(signed, known):
    _, container = ranges_of(signed)
    changed = bytearray(signed)
    changed[container.start : container.stop] = (b"3080" * len(container))[: len(container)]
    assert not accepted(bytes(changed), known)


def test_outside_corpora_are_unknown(known):
    for name in ("blns", "cert_ids", "xss_owasp_evasion"):
        for text in corpus(name):
            pdf = b"%PDF-1.7\n" + text.encode("utf-8", "surrogatepass")
            assert status_without_register(examine(pdf, known=known)) is Standing.UNKNOWN


@pytest.mark.parametrize(
    "unit",
    [
        b"/ByteRange [0 1 2 3] ",
        b"/ByteRange [0 9 99999999 1] ",
        b"/ByteRange [" + b" " * 9,
        b"/verify/" + b"a" * 70,
        b"/verify/" + b"a" * 20 + b" ",
        b"<x:xmpmeta",
        b"<" + b"0" * 1000,
        b"(D:20261124010000Z",
    ],
    ids=lambda unit: unit[:24].decode(),
)
def test_the_largest_file_takes_little_time(unit, known):
    pdf = (b"%PDF-1.7\n" + unit * (LARGEST // len(unit)))[:LARGEST]
    begun = time.process_time()
    assert not accepted(pdf, known)
    assert time.process_time() - begun < 5


def test_sixteen_signatures_over_ten_megabytes_take_little_time(signed, known):
    _, container = ranges_of(signed)
    mark = b"<" + signed[container.start : container.stop] + b">"
    body = b"%PDF-1.7\n" + b"x" * (LARGEST - 20_000) + mark
    start, end = len(body) - len(mark), len(body)
    pdf = body + b"/ByteRange [0 %d %d 9] " % (start, end) * 16 + b"x" * 9
    begun = time.process_time()
    assert examine(pdf, known=known).signatures == 16
    assert not accepted(pdf, known)
    assert time.process_time() - begun < 5


def test_a_file_over_ten_megabytes_is_refused_by_name(known):
    with pytest.raises(PdfTooLarge) as refused:
        examine(b"%PDF-1.7\n" + b"\0" * LARGEST, known=known)
    assert refused.value.facts == {"size": LARGEST + 9, "largest": LARGEST}


def test_a_code_is_told_only_when_there_is_one(known):
    def code(text):
        return examine(b"%PDF-1.7\n" + text, known=known).code

    assert code(b"/URI(https://x.example/verify/" + CODE.encode() + b")") == CODE
    assert code(b"/verify/" + CODE.encode() + b" /verify/" + CODE.encode()) == CODE
    assert code(b"/verify/" + CODE.encode() + b" /verify/" + CODE[::-1].encode()) is None
    assert code(b"/verify/short") is None
    assert code(b"/verify/" + b"a" * 65) is None


# ---- how the attacks are made ----


def ranges_of(pdf):
    """Where the covered bytes and the hexadecimal of the signature lie."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    end = pdf.index(b">", start)
    covered = [*range(start - 1), *range(end + 1, len(pdf))]
    return covered, range(start, end)


def opened(pdf):
    """The signature's container, and how to put another into its room."""
    _, room = ranges_of(pdf)
    content = cms.ContentInfo.load(marks.marks_in(pdf)[0].container)

    def rewrite(changed, after=b""):
        written = (changed.dump(force=True) + after).hex().upper().encode()
        wider = max(len(written), len(room))
        made = pdf[: room.start] + written.ljust(wider, b"0") + pdf[room.stop :]
        old = b"%d %d" % (room.stop + 1, len(pdf) - room.stop - 1)
        return made.replace(old, b"%d %d" % (room.start + wider + 1, len(pdf) - room.stop - 1))

    return content, rewrite


def signed_over(pdf, key):
    """A document with one more signature, as a stranger would add it: pyHanko's guards taken off."""

    class Reckless(signers.PdfSigner):
        def _enforce_certification_constraints(self, reader):
            """A stranger does not ask."""

    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    terms = signers.PdfSignatureMetadata(field_name="Lagi", md_algorithm="sha256")
    simple = signers.SimpleSigner(
        signing_cert=cms.Certificate.load(key.certificate.public_bytes(Encoding.DER)),
        signing_key=private_info(key),
        cert_registry=SimpleCertificateStore(),
    )
    output = asyncio.run(Reckless(terms, simple).async_sign_pdf(writer))
    return output.getvalue()


def private_info(key):
    return keys.PrivateKeyInfo.load(
        key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    )

"""The signing key: made once, whole, for its owner's eyes only, and never written over."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from courses.certification.keys import (
    KEY_FILE,
    LIFETIME,
    NoSigningKey,
    SigningKeyExists,
    SigningKeyUnusable,
    fingerprint_of,
    load_signing_key,
    make_signing_key,
    read_certificate,
)
from tests.rules.certification.papers import OWNER, SIGNED_AT


def test_a_key_that_was_made_is_the_key_that_is_loaded(tmp_path):
    made = make_signing_key(tmp_path / "keys", owner=OWNER, at=SIGNED_AT)
    loaded = load_signing_key(tmp_path / "keys")
    assert loaded.fingerprint == made.fingerprint == fingerprint_of(made.certificate)
    assert loaded.private.private_numbers() == made.private.private_numbers()
    assert read_certificate(made.certificate_pem) == made.certificate


def test_only_the_owner_may_read_it_and_nothing_else_is_left_behind(tmp_path):
    make_signing_key(tmp_path / "keys", owner=OWNER, at=SIGNED_AT)
    assert [path.name for path in (tmp_path / "keys").iterdir()] == [KEY_FILE]
    assert (tmp_path / "keys" / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_a_second_key_is_refused_and_the_first_is_untouched(tmp_path):
    make_signing_key(tmp_path, owner=OWNER, at=SIGNED_AT)
    before = (tmp_path / KEY_FILE).read_bytes()
    with pytest.raises(SigningKeyExists):
        make_signing_key(tmp_path, owner=OWNER, at=SIGNED_AT)
    assert (tmp_path / KEY_FILE).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_of_eight_first_starts_one_makes_the_key(tmp_path):
    def start(_):
        try:
            return make_signing_key(tmp_path, owner=OWNER, at=SIGNED_AT).fingerprint
        except SigningKeyExists:
            return None

    with ThreadPoolExecutor(8) as pool:
        made = [one for one in pool.map(start, range(8)) if one]
    assert made == [load_signing_key(tmp_path).fingerprint]


def test_the_certificate_signs_documents_and_nothing_else(key):
    extensions = {type(one.value).__name__: one for one in key.certificate.extensions}
    usage = extensions["KeyUsage"].value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert not extensions["BasicConstraints"].value.ca
    assert key.certificate.not_valid_after_utc == SIGNED_AT + LIFETIME


def test_the_private_key_does_not_show_in_print(key):
    assert str(key.private.private_numbers().private_value) not in repr(key)


def test_no_key_is_said_as_such(tmp_path):
    with pytest.raises(NoSigningKey):
        load_signing_key(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a key", b"\x00\xff" * 100])
def test_a_file_that_is_no_key_is_refused(tmp_path, content):
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(SigningKeyUnusable):
        load_signing_key(tmp_path)


def test_a_cut_file_is_refused(tmp_path, key):
    make_signing_key(tmp_path, owner=OWNER, at=SIGNED_AT)
    whole = (tmp_path / KEY_FILE).read_bytes()
    (tmp_path / KEY_FILE).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SigningKeyUnusable):
        load_signing_key(tmp_path)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ec.generate_private_key(ec.SECP256R1()),
        lambda: ec.generate_private_key(ec.SECP384R1()),
        lambda: rsa.generate_private_key(65537, 2048),
    ],
    ids=["another key", "another curve", "another algorithm"],
)
def test_a_certificate_beside_another_key_is_refused(tmp_path, key, make):
    secret = make().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / KEY_FILE).write_bytes(secret + key.certificate_pem.encode())
    with pytest.raises(SigningKeyUnusable):
        load_signing_key(tmp_path)

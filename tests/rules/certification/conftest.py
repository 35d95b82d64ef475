"""One key and one signed certificate for the whole room: making them is the slow part."""

import pytest

from courses.certification.document import typeset
from courses.certification.keys import SigningKey, make_signing_key
from courses.certification.signing import LocalSigner
from tests.rules.certification.papers import OWNER, SIGNED_AT, certificate


@pytest.fixture(scope="session")
def key(tmp_path_factory) -> SigningKey:
    return make_signing_key(tmp_path_factory.mktemp("keys"), owner=OWNER, at=SIGNED_AT)


@pytest.fixture(scope="session")
def signer(key) -> LocalSigner:
    return LocalSigner(key)


@pytest.fixture(scope="session")
def plain() -> bytes:
    return typeset(certificate())


@pytest.fixture(scope="session")
def signed(signer, plain) -> bytes:
    return signer.sign(plain, reason="Penerbitan sertifikat", at=SIGNED_AT)


@pytest.fixture(scope="session")
def known(key):
    return {key.fingerprint: key.certificate}

"""One key for the room, since making it is the slow part; a desk that signs; an issued certificate."""

import pytest

from courses import clock
from courses.certification.keys import KeyOwner, SigningKey, make_signing_key
from courses.certification.models import Certificate
from courses.certification.signed import register_key
from courses.certification.signing import LocalSigner
from tests.services.certification.awards import NOON, Desk, approved, earned, paper
from tests.services.crowd import writing


@pytest.fixture(scope="session")
def key(tmp_path_factory) -> SigningKey:
    return make_signing_key(tmp_path_factory.mktemp("keys"), owner=KeyOwner("Bina", "BKPSDM"), at=NOON)


@pytest.fixture(scope="session")
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

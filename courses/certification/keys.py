"""The key that signs certificates: one file on disk, made once and never written over.

The certificate beside the key is self-made and says so: it vouches for nothing but itself. What makes it ours
is that the register knows its fingerprint, so names inside it are never compared.
"""

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from courses.errors import Conflict, Unavailable

KEY_FILE = "signing.pem"
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
LIFETIME = timedelta(days=3653)
_CLOCK_SKEW = timedelta(hours=1)


class NoSigningKey(Unavailable):
    """The directory holds no signing key yet."""


class SigningKeyExists(Conflict):
    """There is a key already; another one would orphan every certificate signed with it."""


class SigningKeyUnusable(Unavailable):
    """The file is there but is not a P-256 key with its own certificate."""


@dataclass(frozen=True, slots=True)
class KeyOwner:
    """Whose key it is, as written into its certificate.

    Attributes:
        name: what a PDF reader shows as the signer.
        organization: the office that issues.
        country: two letters, ISO 3166.
    """

    name: str
    organization: str
    country: str = "ID"

    def as_x509(self) -> x509.Name:
        """Return it as a distinguished name; each part has at most 64 characters, as X.520 allows."""
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, self.country),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.organization[:64]),
                x509.NameAttribute(NameOID.COMMON_NAME, self.name[:64]),
            ]
        )


@dataclass(frozen=True)
class SigningKey:
    """A private key with the certificate that presents it."""

    private: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate's DER form in hexadecimal: how the register knows the key."""
        return fingerprint_of(self.certificate)

    @property
    def certificate_pem(self) -> str:
        """The public part, to be kept wherever signatures are checked."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def fingerprint_of(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate's DER form in hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def read_certificate(pem: str) -> x509.Certificate:
    """Return the certificate in a PEM text, for the `known` of an inspection."""
    return x509.load_pem_x509_certificate(pem.encode("ascii"))


def make_signing_key(directory: Path, *, owner: KeyOwner, at: datetime) -> SigningKey:
    """Make a P-256 key with a self-signed certificate and keep both in `directory`.

    Args:
        directory: made when missing, readable by its owner only.
        owner: goes into the certificate.
        at: aware; the certificate is good from an hour before until ten years after.

    Raises:
        SigningKeyExists: a key is there; nothing was changed.
    """
    private = ec.generate_private_key(ec.SECP256R1())
    key = SigningKey(private, _self_signed(private, owner, at))
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_once(directory / KEY_FILE, _as_pem(key))
    return key


def load_signing_key(directory: Path) -> SigningKey:
    """Return the key kept in `directory`.

    Raises:
        NoSigningKey: there is none yet.
        SigningKeyUnusable: the file is not a P-256 key followed by its own certificate.
    """
    try:
        pem = (directory / KEY_FILE).read_bytes()
    except FileNotFoundError:
        raise NoSigningKey(directory=str(directory)) from None
    try:
        private = serialization.load_pem_private_key(pem, password=None)
        certificate = x509.load_pem_x509_certificate(pem)
    except (ValueError, TypeError) as why:
        raise SigningKeyUnusable(reason=str(why)) from why
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != "secp256r1":
        raise SigningKeyUnusable(reason="not a P-256 key")
    if certificate.public_key() != private.public_key():
        raise SigningKeyUnusable(reason="the certificate belongs to another key")
    return SigningKey(private, certificate)


def _self_signed(private: ec.EllipticCurvePrivateKey, owner: KeyOwner, at: datetime) -> x509.Certificate:
    name = owner.as_x509()
    identifier = x509.SubjectKeyIdentifier.from_public_key(private.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _CLOCK_SKEW)
        .not_valid_after(at + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signing_only(), critical=True)
        .add_extension(identifier, critical=False)
    )
    return builder.sign(private, hashes.SHA256())


def _signing_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _as_pem(key: SigningKey) -> bytes:
    secret = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return secret + key.certificate_pem.encode("ascii")


def _write_once(path: Path, content: bytes) -> None:
    """Put a file there whole, or not at all. A hard link fails where a rename would silently replace."""
    handle, scratch = tempfile.mkstemp(dir=path.parent)  # created with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(scratch, path)
    except FileExistsError:
        raise SigningKeyExists(path=str(path)) from None
    finally:
        Path(scratch).unlink()
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""What views, commands and jobs share beside the database: settings, the object store, the signer.

Made on first use, so that a command that needs none of it starts fast and a missing key is met where it
matters.
"""

from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app
from itsdangerous import URLSafeSerializer

from config import Settings
from courses import clock
from courses.catalogue.texts import Pages, load_pages
from courses.certification.keys import (
    KeyOwner,
    NoSigningKey,
    SigningKey,
    SigningKeyExists,
    load_signing_key,
    make_signing_key,
)
from courses.storage import LocalObjects, ObjectStore

if TYPE_CHECKING:
    from courses.certification.signing import Signer
    from courses.notices import Mailer


class Services:
    """The shared services of one application."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def objects(self) -> ObjectStore:
        """Where media, sources and signed documents are kept."""
        return LocalObjects(self.settings.data_dir / "objects")

    @cached_property
    def pages(self) -> Pages:
        """The pages that are only text, in every language they are written in."""
        return load_pages(self.settings.content_dir, self.settings.data_dir)

    @property
    def keys(self) -> Path:
        """The directory of the signing key."""
        return self.settings.data_dir / "keys"

    @cached_property
    def signing_key(self) -> SigningKey:
        """The key that signs certificates; the first start makes it."""
        try:
            return load_signing_key(self.keys)
        except NoSigningKey:
            owner = KeyOwner(name=f"Bina, {self.settings.issuer}", organization=self.settings.institution)
            with suppress(SigningKeyExists):  # another process was first
                make_signing_key(self.keys, owner=owner, at=clock.now())
            return load_signing_key(self.keys)

    @cached_property
    def signer(self) -> "Signer":
        """Signs finished documents; only the worker does, so only there the tools for it are loaded."""
        from courses.certification.signing import LocalSigner

        return LocalSigner(self.signing_key)

    @cached_property
    def mailer(self) -> "Mailer":
        """Sends letters; only the worker does."""
        from courses.notices import SmtpMailer, SpokenMailer, server_at

        if not self.settings.smtp_url:
            return SpokenMailer()
        return SmtpMailer(server_at(self.settings.smtp_url), self.settings.sender)

    @cached_property
    def opening_times(self) -> URLSafeSerializer:
        """Signs when a lesson was opened, by whom."""
        return URLSafeSerializer(self.settings.secret, salt="lesson-opened")


def services() -> Services:
    """The services of the current application."""
    found: Services = current_app.extensions["bina"]
    return found


def settings() -> Settings:
    """The settings of the current application."""
    return services().settings

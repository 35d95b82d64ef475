"""Settings: typed, from the environment (prefix `BINA_`), read once at start.

Every setting is listed here with its meaning and unit; docs/settings.md is checked against this file.
Production refuses to start on a secret that is missing, known or short, and never makes one up.
"""

import os
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent
DEVELOPMENT_SECRET = "development-only-never-in-production-0000"  # noqa: S105 - refused in production
SHORTEST_SECRET = 32
SHORTEST_TOKEN = 16


class BadSettings(Exception):
    """The environment cannot be used; the message is one line for the terminal."""


class Settings(BaseSettings):
    """All settings of Bina."""

    model_config = SettingsConfigDict(env_prefix="BINA_", extra="ignore", frozen=True)

    env: Literal["development", "production"] = Field("development", description="Which rules hold.")
    secret_key: str = Field(
        "", description="Signs cookies and tokens; at least 32 bytes, required in production."
    )
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite in the data directory.")
    data_dir: Path = Field(ROOT / "var", description="Where database, objects, keys and built files live.")
    content_dir: Path = Field(ROOT / "content", description="The courses and pages that ship with Bina.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(8000, description="Port to listen on.")
    workers: Annotated[int, Field(ge=1, le=64)] = Field(2, description="Web processes.")
    base_url: str = Field("", description="Public address without a final slash, for QR codes and mail.")
    hosts: str = Field(
        "",
        description="Host names we answer to, with commas; empty: that of the base URL in production.",
    )
    proxies: Annotated[int, Field(ge=0, le=8)] = Field(
        0, description="Proxies in front that set `X-Forwarded-For` and `X-Forwarded-Proto`."
    )
    smtp_url: str = Field(
        "",
        description="Mail server: `smtps://user:password@host`, or `smtp://` (STARTTLS); empty: no letters.",
    )
    mail_from: str = Field(
        "", description="The address that letters come from; empty: no-reply at the host of the base URL."
    )
    metrics_token: str = Field(
        "", description="Bearer token of `/metrics`, at least 16 bytes; empty: that page does not exist."
    )
    timezone: str = Field(
        "Asia/Makassar", description="The zone in which days and years are counted and shown."
    )
    lesson_minimum: Annotated[int, Field(ge=0)] | None = Field(
        None,
        description="Seconds before a lesson may be done, where it does not say; 30, in development 0.",
    )
    submission_grace: Annotated[int, Field(ge=0, le=300)] = Field(
        10, description="Seconds after a quiz's time that a submission on its way is still taken."
    )
    session_days: Annotated[int, Field(ge=1, le=365)] = Field(
        30, description="Days until a session ends by itself."
    )
    hours_per_day: Annotated[int, Field(ge=0)] | None = Field(
        None, description="JP of e-learning that count a day; 0: no limit; 3, in development 0."
    )
    hours_target: Annotated[int, Field(ge=0)] = Field(
        20, description="JP a year to reach (PP 11/2017 art. 203(4))."
    )
    institution: str = Field(
        "Pemerintah Kota Mataram", description="Who stands at the head of a certificate."
    )
    issuer: str = Field(
        "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", description="The issuing office."
    )
    city: str = Field("Mataram", description="The place named beside the date.")
    signer_name: str = Field("Kepala BKPSDM (contoh)", description="Name printed under the certificate.")
    signer_nip: str = Field("", description="NIP printed under the signer's name; empty: none.")
    signer_position: str = Field("Kepala BKPSDM Kota Mataram", description="Position printed above the name.")
    certificate_pattern: str = Field(
        "{klasifikasi}/{urut:05}/{unit}/{bulan_romawi}/{tahun}",
        description="How certificate numbers are built.",
    )
    certificate_classification: str = Field("800.2.3", description="Code of the archive classification.")
    certificate_unit: str = Field("BKPSDM", description="The unit named in certificate numbers.")

    @field_validator("base_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _a_mail_server(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
            raise ValueError("must be smtp://host or smtps://host")
        return value

    @field_validator("mail_from")
    @classmethod
    def _a_sender(cls, value: str) -> str:
        name, at, host = value.rpartition("@")
        if value and not (name and at and host and value.isascii() and value.isprintable()):
            raise ValueError("must be an address, for example bina@example.go.id")
        return value

    @field_validator("timezone")
    @classmethod
    def _a_known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, OSError):
            raise ValueError(f"no time zone is called {value}") from None
        return value

    @model_validator(mode="after")
    def _a_real_secret(self) -> "Settings":
        if self.production:
            if not self.secret_key:
                raise ValueError("BINA_SECRET_KEY is missing; make one with: openssl rand -base64 48")
            if self.secret_key == DEVELOPMENT_SECRET:
                raise ValueError("BINA_SECRET_KEY is the known development value")
            if len(self.secret_key.encode()) < SHORTEST_SECRET:
                raise ValueError(f"BINA_SECRET_KEY is shorter than {SHORTEST_SECRET} bytes")
            if not self.base_url.startswith("https://"):
                raise ValueError("BINA_BASE_URL must be the public https:// address")
        return self

    @field_validator("metrics_token")
    @classmethod
    def _a_long_token(cls, value: str) -> str:
        if value and len(value.encode()) < SHORTEST_TOKEN:
            raise ValueError(f"shorter than {SHORTEST_TOKEN} bytes")
        return value

    @property
    def production(self) -> bool:
        """Whether the strict rules hold."""
        return self.env == "production"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def secret(self) -> str:
        """The secret in force."""
        return self.secret_key or DEVELOPMENT_SECRET

    @property
    def database(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'bina.sqlite3'}"

    @property
    def public_url(self) -> str:
        """The public address in force, without a final slash."""
        return self.base_url or f"http://{self.host}:{self.port}"

    @property
    def sends_mail(self) -> bool:
        """Whether letters go out; in development without a server they go to the log."""
        return bool(self.smtp_url) or not self.production

    @property
    def sender(self) -> str:
        """The address in force that letters come from."""
        return self.mail_from or f"no-reply@{urlsplit(self.public_url).hostname}"

    @property
    def https(self) -> bool:
        """Whether people reach us by HTTPS, which decides the cookie's name and flags."""
        return self.public_url.startswith("https://")

    @property
    def hours_a_day(self) -> int:
        """JP of e-learning that count a day, 0 for no limit (conversion table: at most 3)."""
        if self.hours_per_day is not None:
            return self.hours_per_day
        return 3 if self.production else 0

    @property
    def least_seconds(self) -> int:
        """Seconds before a lesson may be done when the lesson does not say."""
        if self.lesson_minimum is not None:
            return self.lesson_minimum
        return 30 if self.production else 0


def load() -> Settings:
    """Read the settings from the environment.

    Raises:
        BadSettings: with every problem in one line.
    """
    os.environ.setdefault("BINA_ENV", "development")
    try:
        return Settings()
    except ValidationError as error:
        raise BadSettings("; ".join(_said(problem) for problem in error.errors())) from None


def _said(problem: object) -> str:
    details = dict(problem)  # type: ignore[call-overload]
    name = ".".join(str(part) for part in details["loc"])
    message = str(details["msg"]).removeprefix("Value error, ")
    return f"BINA_{name.upper()}: {message}" if name else message

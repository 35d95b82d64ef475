"""The port through which letters leave: by SMTP, or in development to the log.

By SMTP never in the clear, except on this machine: the certificate of the server must be vouched for.
"""

import logging
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Protocol
from urllib.parse import unquote, urlsplit

from courses.errors import Unavailable

log = logging.getLogger(__name__)
SECONDS = 20.0
PORTS = {"smtp": 587, "smtps": 465}
THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


class MailNotSent(Unavailable):
    """The mail server did not take a letter; `why` is its code or the kind of trouble."""


class BadAddress(ValueError):
    """This is no address of a mail server."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one person. `name` tells it from every other: sent twice, it has one Message-ID."""

    name: str
    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """What sends letters."""

    def send(self, letter: Letter) -> None:
        """Send a letter.

        Raises:
            MailNotSent: it was not taken.
        """


class SpokenMailer:
    """For development: says in the log what would have been sent."""

    def send(self, letter: Letter) -> None:
        """Say it."""
        log.warning(
            "a letter, not sent (no BINA_SMTP_URL), to %s: %s\n%s", letter.to, letter.subject, letter.text
        )


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server: `encrypted` from the first byte, or after STARTTLS."""

    host: str
    port: int
    encrypted: bool
    user: str
    password: str


def server_at(url: str) -> Server:
    """Read `smtps://user:password@host:465` (TLS from the start) or `smtp://...:587` (STARTTLS).

    Raises:
        BadAddress: it is neither.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadAddress("the port is no number") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise BadAddress("it must be smtp://host or smtps://host")
    return Server(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        encrypted=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


class SmtpMailer:
    """Sends letters through a mail server.

    Args:
        server: where it is.
        sender: the address that letters come from.
        trust: which certificates are believed; None: those that the system does.
    """

    def __init__(self, server: Server, sender: str, trust: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._sender = sender
        self._trust = trust

    def send(self, letter: Letter) -> None:
        """Send a letter over a connection of its own."""
        try:
            with self._connected() as connection:
                connection.send_message(self._message(letter), self._sender, [letter.to])
        except (smtplib.SMTPException, OSError, ValueError) as trouble:
            # What the server said may quote the address, so it stays behind.
            raise MailNotSent(why=_kind(trouble)) from None

    def _connected(self) -> smtplib.SMTP:
        server, trust = self._server, self._trust or ssl.create_default_context()
        if server.encrypted:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=SECONDS, context=trust
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        try:
            connection.ehlo()
            if not server.encrypted and (connection.has_extn("starttls") or server.host not in THIS_MACHINE):
                connection.starttls(context=trust)
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Message-ID"] = f"<{letter.name}@{self._sender.rpartition('@')[2].rstrip('>')}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message


def _kind(trouble: Exception) -> str:
    code = getattr(trouble, "smtp_code", None)
    refused = getattr(trouble, "recipients", None)
    if refused:
        code = next(iter(refused.values()))[0]
    return str(code or type(trouble).__name__)

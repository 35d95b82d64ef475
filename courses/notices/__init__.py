"""Telling people something: letters by mail.

A letter is sent by a worker, for a job of the outbox, and never while a request waits. The one rule: what is
told about a letter that could not be sent holds no address and nothing that stood in it.
"""

from courses.notices.mail import (
    BadAddress,
    Letter,
    Mailer,
    MailNotSent,
    SmtpMailer,
    SpokenMailer,
    server_at,
)

__all__ = ["BadAddress", "Letter", "MailNotSent", "Mailer", "SmtpMailer", "SpokenMailer", "server_at"]

"""`flask doctor`: looks at this installation and says what is well and what is not, a line for each.

It only looks: nothing is written, so it may run at any time, beside people at work too.
"""

import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import click
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.cli.edge import answer, as_json
from app.cli.setup import newest_revision, revisions
from app.extensions import db
from app.services import services, settings
from courses import clock
from courses.audit import check
from courses.audit.models import AuditEntry
from courses.certification.keys import KEY_FILE, load_signing_key
from courses.certification.models import Certificate, SigningKeyRow
from courses.database import WAL_IS_SOUND_FROM, journal_mode
from courses.errors import Refusal
from courses.jobs.models import Outbox
from courses.keeping.tables import dangling
from courses.storage import hash_of

OK, WARN, FAIL = "ok", "warn", "fail"
OVERDUE = timedelta(minutes=5)
CLOCKS_APART = timedelta(seconds=5)
DOCUMENTS = 100
GIGABYTE = 1024**3
LITTLE_SPACE, TOO_LITTLE_SPACE = 5 * GIGABYTE, GIGABYTE // 2
FULL = 2  # PRAGMA synchronous
Said = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: `level` is ok, warn or fail."""

    level: str
    name: str
    words: str

    def __str__(self) -> str:
        return f"{self.level:4} {self.name}: {self.words}"


@click.command()
@as_json
def doctor(machine: bool) -> None:
    """Look whether everything is well. Exit code 1 when a check fails; a warning is none."""
    findings = [_examined(name, look) for name, look in CHECKS.items()]
    answer([asdict(one) for one in findings], "\n".join(map(str, findings)), machine=machine)
    sys.exit(1 if any(one.level == FAIL for one in findings) else 0)


def _examined(name: str, look: Callable[[], Said]) -> Finding:
    try:
        return Finding(*_named(name, look()))
    except (Refusal, SQLAlchemyError, OSError) as trouble:
        words = getattr(trouble, "code", "") if isinstance(trouble, Refusal) else str(trouble)
        return Finding(FAIL, name, " ".join(words.split())[:200])
    finally:
        db.session.rollback()


def _named(name: str, said: Said) -> tuple[str, str, str]:
    return said[0], name, said[1]


def _settings() -> Said:
    if settings().production:
        return OK, f"production, reached at {settings().public_url}"
    return WARN, "development: the secret is known to everyone; set BINA_ENV=production"


def _database() -> Said:
    found, newest = revisions(), newest_revision()
    if found != {newest}:
        return (
            FAIL,
            f"at migration {', '.join(sorted(found)) or 'none'}, the code at {newest}: run flask setup",
        )
    return OK, f"{db.engine.dialect.name} at migration {newest}"


def _engine() -> Said:
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            version = db.engine.dialect.server_version_info or ()
            mode = connection.scalar(text("PRAGMA journal_mode")) or ""
            synchronous = connection.scalar(text("PRAGMA synchronous"))
            words = f"SQLite {'.'.join(map(str, version))}, journal {mode}, synchronous {synchronous}"
            safe = mode.upper() == journal_mode() and synchronous == FULL
            if safe and version < WAL_IS_SOUND_FROM:
                return WARN, f"{words}: sound but slow, a newer SQLite could use WAL"
            return (OK if safe else FAIL), words
        version_said = connection.scalar(text("SHOW server_version"))
        commit = connection.scalar(text("SHOW synchronous_commit"))
        fsync = connection.scalar(text("SHOW fsync"))
        durable = fsync == "on" and commit != "off"
        return (
            OK if durable else FAIL
        ), f"PostgreSQL {version_said}, fsync {fsync}, synchronous_commit {commit}"


def _integrity() -> Said:
    if db.engine.dialect.name != "sqlite":
        return OK, "foreign keys are kept by PostgreSQL"
    said = db.session.scalar(text("PRAGMA quick_check(1)"))
    if said != "ok":
        return FAIL, f"the database file is damaged: {said}"
    tables = dangling(db.session())
    return (
        (FAIL, f"rows refer to nothing in {', '.join(tables)}") if tables else (OK, "file and foreign keys")
    )


def _trail() -> Said:
    broken = next(check(db.session()), None)
    if broken:
        return FAIL, f"entry {broken.number} {broken.why}: see flask audit verify"
    return OK, f"{db.session.scalar(select(func.count()).select_from(AuditEntry))} entries hold"


def _key() -> Said:
    key = load_signing_key(services().keys)
    known = db.session.get(SigningKeyRow, key.fingerprint)
    mode = (services().keys / KEY_FILE).stat().st_mode & 0o777
    if known is None:
        return FAIL, "its public part is not in the register: run flask setup"
    if mode & 0o077:
        return FAIL, f"others may read it (mode {mode:04o}): chmod 600 {services().keys / KEY_FILE}"
    return OK, f"readable, mode {mode:04o}, in the register"


def _documents() -> Said:
    names = db.session.scalars(
        select(Certificate.pdf_sha256)
        .where(Certificate.pdf_sha256.is_not(None))
        .order_by(Certificate.id.desc())
        .limit(DOCUMENTS)
    ).all()
    lost = [name for name in names if name and not _whole(name)]
    if lost:
        return FAIL, f"{len(lost)} of the last {len(names)} certificates are missing or damaged: {lost[0]}"
    return OK, f"the last {len(names)} certificates are whole"


def _whole(name: str) -> bool:
    try:
        return hash_of(services().objects.get(name)) == name
    except Refusal:
        return False


def _disk() -> Said:
    free = shutil.disk_usage(settings().data_dir).free
    level = FAIL if free < TOO_LITTLE_SPACE else WARN if free < LITTLE_SPACE else OK
    return level, f"{free / GIGABYTE:.1f} GB free in {settings().data_dir}"


def _clock() -> Said:
    now = clock.now()
    last = db.session.scalar(select(func.max(AuditEntry.at)))
    if last and last > now + CLOCKS_APART:
        return (
            FAIL,
            f"it is {now:%Y-%m-%d %H:%M:%S} UTC here, but the trail was written at {last:%Y-%m-%d %H:%M:%S}",
        )
    if db.engine.dialect.name == "postgresql":
        theirs: datetime = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
        apart = abs(theirs.astimezone(UTC) - clock.now())
        if apart > CLOCKS_APART:
            return WARN, f"{apart.total_seconds():.0f} s from the database's clock"
    return OK, f"{now:%Y-%m-%d %H:%M:%S} UTC"


def _worker() -> Said:
    late = clock.now() - OVERDUE
    waiting = select(func.count()).where(Outbox.done_at.is_(None), Outbox.due_at < late)
    count = db.session.scalar(waiting) or 0
    minutes = OVERDUE.seconds // 60
    if count:
        return FAIL, f"{count} jobs are overdue by more than {minutes} minutes: is flask worker running?"
    return OK, f"no job is overdue by more than {minutes} minutes"


def _outbox() -> Said:
    failing = select(Outbox).where(Outbox.done_at.is_(None), Outbox.trouble.is_not(None))
    count = db.session.scalar(select(func.count()).select_from(failing.subquery())) or 0
    if not count:
        return OK, "no job has failed"
    first = db.session.scalars(failing.order_by(Outbox.id).limit(1)).one()
    return (
        WARN,
        f"{count} jobs failed and are tried again: {first.id} ({first.topic}), {first.tries} tries",
    )


CHECKS: dict[str, Callable[[], Said]] = {
    "settings": _settings,
    "database": _database,
    "engine": _engine,
    "integrity": _integrity,
    "trail": _trail,
    "signing key": _key,
    "certificates": _documents,
    "disk": _disk,
    "clock": _clock,
    "worker": _worker,
    "outbox": _outbox,
}

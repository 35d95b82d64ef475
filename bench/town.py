"""A town to measure in: the shipped course, people signed in and half-way, and exams ready to hand in.

Rows are inserted in bulk and cookies are made here, as signing in would make them: nobody waits for argon2.
"""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert, make_url, select
from sqlalchemy.orm import Session

from app import create_app, static_files
from app.extensions import db
from app.issuer import issuer
from app.services import Services, services
from bench.wire import Request
from config import ROOT, Settings
from courses import clock, randomness
from courses.assessment import planning, taking
from courses.assessment.models import Attempt
from courses.authoring import read_folder
from courses.catalogue.editions import EditionView, current_edition
from courses.catalogue.publishing import prepare, publish
from courses.certification.issuing import approve, award
from courses.certification.models import Award, Certificate
from courses.certification.signed import make_document, mark_issued
from courses.database import begin_writing, engine_options
from courses.learning.enrolling import standing
from courses.learning.models import Completion, Enrolment
from courses.people.models import Person, SignIn, Unit
from courses.people.sessions import token_hash

SLUG = "pembinaan-asn"
EXAM = "ujian-akhir"
READERS = 50
FIRST_NAMES = ("Baiq Nurul", "Lalu Satria", "I Made", "Ni Luh", "Muhammad", "Siti", "Ahmad", "Dewi")
LAST_NAMES = ("Aini, S.Pd.", "Wijaya, S.STP.", "Sudana", "Hidayati, M.Si.", "Ramdhani", "Kusuma, S.Kep.")
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Citizen:
    """A signed-in person: their number, the token in their cookie, and the secret behind their forms."""

    id: int
    token: str
    form_secret: str


@dataclass(frozen=True, slots=True)
class Town:
    """What there is to ask a server for. `exams` may be sent once each; the others as often as one likes.

    `sitters` are the people who sit the exams, one each: the id of the person and of their enrolment.
    """

    settings: Settings
    lessons: tuple[Request, ...]
    exams: tuple[Request, ...]
    sitters: tuple[int, ...]
    home: Request
    course: Request
    catalogue: Request
    verify: Request


def build(folder: Path, *, exams: int, port: int) -> Town:
    """Make a town in an empty folder.

    Args:
        folder: becomes the data directory.
        exams: how many people have an open attempt at the exam.
        port: where the server will listen.
    """
    settings = Settings.model_validate({"data_dir": folder, "env": "development", "port": port})
    app = create_app(settings)
    with app.app_context():
        upgrade()
        static_files.build(folder)
        view = _published()
        readers = _readers(view)
        papers = _sitting(view, exams)
        code = _certificate(view, readers[-1][0])
        stamps = _Stamps(app)
        town = Town(
            settings,
            lessons=tuple(_lessons(view, readers, stamps)),
            exams=tuple(_exam(citizen, plan, stamps) for citizen, plan in papers),
            sitters=tuple(citizen.id for citizen, _ in papers),
            home=Request("GET", "/"),
            course=Request("GET", f"/courses/{SLUG}"),
            catalogue=Request("GET", "/courses/"),
            verify=Request("GET", f"/verify/{code}"),
        )
        db.session.remove()
        db.engine.dispose()
    return town


def copy_of(town: Town, path: Path) -> None:
    """Copy the town's database to a new file."""
    module: Any = engine_options("sqlite://")["module"]
    source, copy = module.connect(make_url(town.settings.database).database), module.connect(path)
    source.backup(copy)  # the journal mode is kept in the file
    source.close()
    copy.close()


def settings_of(town: Town) -> dict[str, str]:
    """The environment of a Bina that serves the town and publishes nothing else."""
    return {
        "BINA_DATA_DIR": str(town.settings.data_dir),
        "BINA_PORT": str(town.settings.port),
        "BINA_CONTENT_DIR": str(town.settings.data_dir / "nothing-ships"),
    }


class _Stamps:
    """Makes the cookies and form tokens of an application, as it would itself."""

    def __init__(self, app: Flask) -> None:
        self._name = app.config["SESSION_COOKIE_NAME"]
        signer: Any = app.session_interface
        self._cookies = signer.get_signing_serializer(app)
        self._forms = URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token")

    def cookie(self, who: Citizen) -> str:
        held = {"_fresh": True, "_permanent": True, "_user_id": who.token, "csrf_token": who.form_secret}
        return f"{self._name}={self._cookies.dumps(held)}"

    def form_token(self, who: Citizen) -> str:
        token = self._forms.dumps(who.form_secret)
        return token if isinstance(token, str) else token.decode("ascii")


def _published() -> EditionView:
    prepared = prepare(read_folder(ROOT / "content" / "courses" / SLUG), services().objects)
    with writing() as session:
        publish(session, prepared)
    return current_edition(db.session(), SLUG)


def _readers(view: EditionView) -> list[tuple[Citizen, int]]:
    """People in the middle of the course, each with the number of steps that they have done."""
    chance = random.Random(20)
    steps = [step.id for step in view.outline.steps]
    people = [
        (citizen, chance.randrange(len(steps) - 1)) for citizen in islice(_citizens(view, 0), READERS - 1)
    ]
    people.append((next(_citizens(view, READERS - 1)), len(steps)))
    _settle([(citizen, steps[:done]) for citizen, done in people], view)
    return people


def _sitting(view: EditionView, count: int) -> list[tuple[Citizen, planning.Plan]]:
    """People with everything done but the exam, which lies open before them."""
    steps = [step.id for step in view.outline.steps if step.id != EXAM]
    sitting = list(islice(_citizens(view, READERS), count))
    _settle([(citizen, steps) for citizen in sitting], view)
    step = view.outline.step(EXAM)
    assert step is not None
    with writing() as session:
        first = taking.start(session, standing(session, sitting[0].id, SLUG), view, step)
        plan, now = first.plan, clock.now()
        rest: dict[str, Any] = {
            "edition_id": view.id,
            "step_id": EXAM,
            "number": 1,
            "state": taking.OPEN,
            "plan": plan,
            "started_at": now,
            "deadline": now + timedelta(hours=5),
        }
        first.deadline = rest["deadline"]
        session.execute(insert(Attempt), [{**rest, "enrolment_id": one.id} for one in sitting[1:]])
    return [(citizen, planning.from_data(plan)) for citizen in sitting]


def _citizens(view: EditionView, start: int) -> Iterator[Citizen]:
    """People without end; the first one's id is `start` + 1."""
    number = start
    while True:
        number += 1
        yield Citizen(number, randomness.token(32), hashlib.sha1(str(number).encode()).hexdigest())  # noqa: S324


def _settle(people: Sequence[tuple[Citizen, Sequence[str]]], view: EditionView) -> None:
    """Insert people with their sessions, their enrolment (under their own id) and what they have done."""
    now = clock.now()
    with writing() as session:
        unit = session.scalar(select(Unit.id)) or _unit(session)
        session.execute(insert(Person), [_person(one, unit, now) for one, _ in people])
        session.execute(insert(SignIn), [_sign_in(one, now) for one, _ in people])
        enrolled = {"course_id": view.course_id, "enrolled_at": now}
        session.execute(
            insert(Enrolment), [{"id": one.id, "person_id": one.id, **enrolled} for one, _ in people]
        )
        done = [
            {"enrolment_id": one.id, "step_id": step, "edition_id": view.id, "done_at": now, "passed": None}
            for one, steps in people
            for step in steps
        ]
        session.execute(insert(Completion), done)


def _unit(session: Session) -> int:
    session.add(Unit(id=1, name="Dinas Pendidikan"))
    session.flush()
    return 1


def _person(who: Citizen, unit: int, now: datetime) -> dict[str, Any]:
    first, last = FIRST_NAMES[who.id % len(FIRST_NAMES)], LAST_NAMES[who.id // 8 % len(LAST_NAMES)]
    return {
        "id": who.id,
        "name": f"{first} {last}",
        "email": f"warga{who.id}@bina.example",
        "unit_id": unit,
        "created_at": now,
    }


def _sign_in(who: Citizen, now: datetime) -> dict[str, Any]:
    # Seen an hour ahead, so that no reader's visit is the one in ten minutes that writes.
    return {
        "token_hash": token_hash(who.token),
        "person_id": who.id,
        "created_at": now,
        "seen_at": now + timedelta(hours=1),
        "expires_at": now + timedelta(days=30),
    }


def _certificate(view: EditionView, who: Citizen) -> str:
    """Have the one who finished receive a certificate; its code."""
    tools: Services = services()
    with writing() as session:
        enrolment = session.get_one(Enrolment, who.id)
        enrolment.completed_at, enrolment.completed_edition_id = clock.now(), view.id
        session.flush()
        award(session, who.id, issuer())
        made = session.scalars(select(Award.id).where(Award.enrolment_id == who.id)).one()
        certificate = approve(session, made, issuer(), by=0)
    document = make_document(db.session(), certificate, (tools.signer, tools.signing_key, tools.objects))
    assert document is not None
    with writing() as session:
        mark_issued(session, certificate, document)
        return session.scalars(select(Certificate.code).where(Certificate.id == certificate)).one()


def _lessons(view: EditionView, readers: Sequence[tuple[Citizen, int]], stamps: _Stamps) -> Iterator[Request]:
    """Every reader reads every lesson that is open to them, in random order."""
    asked = [
        Request("GET", f"/learn/{SLUG}/{step.id}", (("Cookie", stamps.cookie(citizen)),))
        for citizen, done in readers
        for step in view.outline.steps[: done + 1]
        if step.quiz is None
    ]
    random.Random(21).shuffle(asked)
    return iter(asked)


def _exam(who: Citizen, plan: planning.Plan, stamps: _Stamps) -> Request:
    """Hand in an exam: an answer to every question, the same for everyone."""
    answers = {
        taking.field_name(position): planned.tokens[0] if planned.tokens else "20"
        for position, planned in enumerate(plan)
    }
    form = {
        "csrf_token": stamps.form_token(who),
        "operation": hashlib.sha256(who.token.encode()).hexdigest()[:24],
        "action": "submit",
        **answers,
    }
    headers = (("Cookie", stamps.cookie(who)), ("Content-Type", FORM))
    return Request("POST", f"/learn/{SLUG}/quiz/{EXAM}/attempt", headers, urlencode(form).encode())


class writing:  # noqa: N801 - reads as a context manager
    """One writing transaction of the application at hand."""

    def __enter__(self) -> Session:
        db.session.rollback()
        begin_writing(db.session())
        return db.session()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            db.session.commit()
        else:
            db.session.rollback()

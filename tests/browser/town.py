"""A town of people in the middle of everything: what pages look like when Bina is in use.

They act through a client and services, minutes in a second; certificates are signed by the real worker.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext
from sqlalchemy import select, update

from app.cli.demo import PEOPLE
from app.cli.edge import writing
from app.extensions import db
from app.issuer import issuer
from courses import clock
from courses.catalogue.editions import current_edition
from courses.catalogue.models import QuestionRow
from courses.certification import issuing, register
from courses.certification.models import Award, Certificate
from courses.jobs.models import Outbox
from courses.people.access import note_access
from courses.people.models import PersonNumber
from courses.people.persons import NewPerson, create_person
from tests.browser.server import Running, eventually
from tests.people import Somebody, sign_in
from tests.publishing import publish_folder, sample_course, with_files
from tests.web import journeys

MAIN = "pembinaan-asn"
EXAM = "ujian-akhir"
# Short courses beside the shipped one: the sample's content under other names.
OTHERS = {
    "arsip-sehari-hari": ("Menata arsip sehari-hari", "teknis", "Dari map di meja sampai berita acara."),
    "melayani-di-loket": (
        "Melayani warga di loket",
        "sosial-kultural",
        "Dengar dulu, jelaskan kemudian.",
    ),
    "menulis-surat-dinas": ("Menulis surat dinas yang dipahami warga", "teknis", "Satu surat, satu maksud."),
    "rapat-yang-singkat": ("Memimpin rapat yang singkat", "manajerial", "Agenda, keputusan, lalu pulang."),
}
LEAST_TIME = "menulis-surat-dinas"  # its second lesson may be done after a minute
OF_THE_READER = ("melayani-di-loket", "rapat-yang-singkat")
PEOPLE_OF_THE_TOWN = {
    "newcomer": NewPerson(
        "Siti Hajar, S.Pd.",
        nip="199503122022032004",
        rank="Penata Muda",
        grade="III/a",
        position="Guru Ahli Pertama",
        unit="SD Negeri 7 Ampenan",
    ),
    "reader": NewPerson(
        "Ni Wayan Sri Lestari, S.KM.",
        nip="198809172014032002",
        rank="Penata",
        grade="III/c",
        position="Penyuluh Kesehatan Masyarakat Ahli Muda",
        unit="Puskesmas Karang Taliwang",
    ),
    "taker": NewPerson(
        "Lalu Muhammad Fauzi, S.Sos.",
        nip="198301242009011005",
        rank="Penata Tk. I",
        grade="III/d",
        position="Lurah",
        unit="Kelurahan Monjok Timur",
    ),
    "graduate": NewPerson(
        "Baiq Dewi Anjani, A.Md.Keb.",
        nip="199201152019032007",
        rank="Pengatur",
        grade="II/c",
        position="Bidan Terampil",
        unit="Puskesmas Mataram",
    ),
    "holder": NewPerson(
        "I Gede Artawan, S.E.",
        nip="197906302005011003",
        rank="Pembina",
        grade="IV/a",
        position="Kepala Subbagian Keuangan",
        unit="Badan Keuangan Daerah",
    ),
}


@dataclass
class Town:
    """The server, the people by what they are in the middle of, and the certificates by state."""

    server: Running
    people: dict[str, Somebody] = field(default_factory=dict)
    certificates: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def client(self, who: str) -> FlaskClient:
        """A client of the application beside the server, signed in."""
        return sign_in(self.server.app.test_client(), self.people[who])

    def sign_in(self, context: BrowserContext, who: str) -> BrowserContext:
        """Sign a browser in, as the sign-in page would, without waiting for argon2."""
        with self.server.inside():
            cookie = self.client(who).get_cookie("bina")
        assert cookie is not None
        context.add_cookies([{"name": "bina", "value": cookie.value, "url": self.server.url}])
        return context

    def document(self, code: str) -> bytes:
        """The signed bytes of a certificate; none while it is not signed."""
        with self.server.inside():
            answer = self.client("admin").get(f"/me/certificates/{code}.pdf")
            return answer.data if answer.mimetype == "application/pdf" else b""


def arrive(server: Running) -> Town:
    """Everyone is there, and nobody has done anything yet."""
    town = Town(server)
    with server.inside():
        _people(town)
    return town


def settle(town: Town) -> Town:
    """Bring everyone to where they are."""
    with town.server.inside():
        _publish_others()
        with town.server.worker_asleep():
            _learn(town)
        _decide(town)
    return town


def right_answers(page: str) -> dict[str, object]:
    """The right answers to an attempt of any course: name of a field -> value or values."""
    holders = {row.shown["heading"]: row.holder for row in db.session.query(QuestionRow)}
    answers: dict[str, object] = {}
    for block in re.findall(r"<fieldset.*?</fieldset>", page, re.DOTALL):
        holder = next(holder for heading, holder in holders.items() if heading in block)
        answers |= journeys.right_answers(block, holder)
    return answers


def _publish_others() -> None:
    for slug, (title, kind, summary) in OTHERS.items():
        source = sample_course()
        about = source.files["course.md"].decode()
        about = about.replace('"Pelatihan contoh: arsip harian"', title).replace("teknis", kind)
        about = about.replace("Dua modul pendek untuk mencoba Bina.", summary)
        about = about.replace("hours: 1", "hours: 4")
        publish_folder(with_files(source, {"course.md": about}, slug=slug))


def _people(town: Town) -> None:
    with writing() as session:
        for name, person in PEOPLE_OF_THE_TOWN.items():
            found = create_person(session, person)
            town.people[name] = Somebody(found, person.name, person.nip or "", "")
    for name, demo in (("nurul", PEOPLE[0]), ("admin", PEOPLE[1])):
        number = select(PersonNumber.person_id).where(PersonNumber.number == demo.nip)
        found = db.session.scalars(number).one()
        town.people[name] = Somebody(found, demo.name, demo.nip or "", demo.email or "")
    db.session.rollback()


def _learn(town: Town) -> None:
    began = clock.now() - timedelta(days=9)
    with clock.pinned(began):
        for course in ("contoh", *OTHERS):
            journeys.finish(town.client("holder"), course)
        for course in OF_THE_READER:
            journeys.finish(town.client("reader"), course)
        for who in ("graduate", "taker"):
            _walk(town.client(who), 14)
            _fail(town.client(who))
    with clock.pinned(began + timedelta(days=2, hours=3)):
        _walk(town.client("reader"), 5)
        _pass(town.client("graduate"))
    _halfway(town.client("taker"))
    journeys.enrol(town.client("taker"), LEAST_TIME)
    journeys.past_minimum(town.client("taker"), "arsip", LEAST_TIME)


def _walk(client: FlaskClient, steps: int) -> None:
    """Enrol in the shipped course and take its first steps."""
    journeys.enrol(client, MAIN)
    outline = current_edition(db.session(), MAIN).outline
    db.session.rollback()
    for step in outline.steps[:steps]:
        if step.quiz is None:
            journeys.past_minimum(client, step.id, MAIN)
        else:
            page = journeys.start(client, step.id, MAIN)
            journeys.submit(client, step.id, right_answers(page), MAIN)


def _fail(client: FlaskClient) -> None:
    """Answer half of the exam."""
    page = journeys.start(client, EXAM, MAIN)
    answers = dict(list(right_answers(page).items())[:5])
    journeys.submit(client, EXAM, answers, MAIN)


def _pass(client: FlaskClient) -> None:
    page = journeys.start(client, EXAM, MAIN)
    answers = dict(list(right_answers(page).items())[:9])
    journeys.submit(client, EXAM, answers, MAIN)


def _halfway(client: FlaskClient) -> None:
    """Leave an exam open, with four questions answered."""
    page = journeys.start(client, EXAM, MAIN)
    base = f"/learn/{MAIN}/quiz/{EXAM}/attempt"
    journeys.post(client, base, base, action="save", **dict(list(right_answers(page).items())[:4]))


def _decide(town: Town) -> None:
    """The admin's part: one certificate of the holder in each state, those of the reader issued."""
    holder, reader, admin = (town.people[who].id for who in ("holder", "reader", "admin"))
    _wait(lambda: db.session.query(Award).count() == len(OTHERS) + len(OF_THE_READER) + 2)
    awards = {(one.person_id, _title(one)): one.id for one in db.session.query(Award)}
    db.session.rollback()
    states = dict(zip(OTHERS, ("issued", "revoked", "signing", "declined"), strict=True))
    mine = {states[slug]: awards[holder, OTHERS[slug][0]] for slug in OTHERS}
    with writing() as session:
        for state in ("issued", "revoked"):
            town.certificates[state] = issuing.approve(session, mine[state], issuer(), by=admin)
        for slug in OF_THE_READER:
            issuing.approve(session, awards[reader, OTHERS[slug][0]], issuer(), by=admin)
        issuing.decline(session, mine["declined"], "Foto kegiatan belum dilampirkan.", by=admin)
    _wait(lambda: db.session.query(Certificate).filter_by(state="issued").count() == 4)
    with writing() as session:
        register.revoke(session, town.certificates["revoked"], "Nama pada data kepegawaian keliru.", by=admin)
        town.certificates["signing"] = issuing.approve(session, mine["signing"], issuer(), by=admin)
        late = clock.now() + timedelta(days=1)  # a worker that is very busy
        session.execute(update(Outbox).where(Outbox.done_at.is_(None)).values(due_at=late))
        note_access(session, admin, holder)
    for state, certificate_id in town.certificates.items():
        town.codes[state] = db.session.query(Certificate.code).filter_by(id=certificate_id).scalar()
    db.session.rollback()


def _title(award: Award) -> str:
    from courses.catalogue.models import Edition

    return db.session.get_one(Edition, award.edition_id).title


def _wait(happened: Callable[[], bool]) -> None:
    def seen() -> bool:
        found = happened()
        db.session.rollback()
        return found

    assert eventually(seen, seconds=90), "the worker did not do its work"

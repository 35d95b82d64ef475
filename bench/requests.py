"""What is asked of the servers in a round: every page beside its floor, submissions beside the raw path."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench.doses import Dose
from bench.load import Drive, Load
from bench.rounds import Contestant
from bench.serving import BINA, Server, fetch, free_port, served
from bench.town import Town, copy_of, settings_of
from bench.wire import Request

BROWSER = "gzip, deflate, br"
READING, WRITING, ALONE = 24, 8, 1
FLOOR = ("-m", "bench.floor")


@contextmanager
def bina(town: Town) -> Iterator[Server]:
    """Bina over the town, warm: every lesson was read before, by each process."""
    with served(BINA, settings_of(town)) as server:
        Load(town.lessons).send(server.port, Drive(READING, 2))
        yield server


@contextmanager
def floor(folder: Path, town: Town, pages: Mapping[str, bytes]) -> Iterator[Server]:
    """The floor, with the pages that it is to answer with, and the town's database as it is now."""
    folder.mkdir()
    copy_of(town, folder / "floor.sqlite3")
    for name, body in pages.items():
        (folder / f"{name}.page").write_bytes(body)
    with served(FLOOR, {"BINA_DATA_DIR": str(folder), "BINA_PORT": str(free_port())}) as server:
        yield server


def pages(town: Town) -> dict[str, tuple[Request, ...]]:
    """The pages that are measured, by name: the requests that ask for them."""
    return {
        "lesson": town.lessons,
        "lesson, packed": tuple(request.accepting(BROWSER) for request in town.lessons),
        "verify": (town.verify,),
        "home": (town.home,),
        "catalogue": (town.catalogue,),
        "course": (town.course,),
    }


def bodies(server: Server, town: Town) -> dict[str, bytes]:
    """The bytes of each page as they travel; of a page with many forms, one of middle size."""
    found = {}
    for name, requests in pages(town).items():
        answers = [fetch(server.port, one.path, dict(one.headers)) for one in requests[:9]]
        assert all(status == 200 for status, _ in answers), name
        found[file_name(name)] = sorted((body for _, body in answers), key=len)[len(answers) // 2]
    return found


def reading(town: Town, ours: Server, bare: Server, dose: Dose) -> Iterator[Contestant]:
    """Each page, and right after it its floor."""
    for name, requests in pages(town).items():
        yield from _beside(name, requests, (ours, bare), Drive(READING, dose.seconds))
    yield from _beside("lesson", town.lessons, (ours, bare), Drive(ALONE, dose.seconds), suffix=", alone")


def submitting(town: Town, ours: Server, bare: Server, dose: Dose) -> Iterator[Contestant]:
    """Exams handed in, and the raw path."""
    drive = Drive(WRITING, dose.seconds)
    yield Contestant("submission", ours, Load(town.exams, once=True), drive)
    yield Contestant("submission, raw path", bare, Load(list(_inserts(town)), once=True), drive)


def file_name(page: str) -> str:
    """The name of a page's bytes at the floor."""
    return "".join(letter for letter in page if letter.isalpha())


def _beside(
    name: str, requests: tuple[Request, ...], servers: tuple[Server, Server], drive: Drive, suffix: str = ""
) -> Iterator[Contestant]:
    ours, bare = servers
    yield Contestant(name + suffix, ours, Load(requests), drive)
    same = Load([Request("GET", f"/page/{file_name(name)}")])
    yield Contestant(f"{name}{suffix}, F", bare, same, drive)


def _inserts(town: Town) -> Iterator[Request]:
    """The same exams, by people who say who they are."""
    for sitter, exam in zip(town.sitters, town.exams, strict=True):
        yield replace(exam, path="/insert", body=exam.body + b"&person=%d" % sitter)

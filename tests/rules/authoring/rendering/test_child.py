"""The child process: what is done to it and in it never reaches the server, and the next text is answered."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from courses.authoring import keeper as keeping
from courses.authoring.child import answered
from courses.authoring.keeper import Keeper, RenderingUnavailable
from courses.authoring.limits import MEMORY, Reason
from courses.authoring.markdown import Converter
from courses.authoring.pieces import Answer, Mode, Piece
from tests.rules.authoring.rendering.texts import FULL

ROOT = Path(keeping.__file__).parents[2]

MISBEHAVIOUR = """
import os, resource, sys, time
from courses.authoring.markdown import Converter
convert = Converter.convert
def misbehave(self, piece):
    if piece.text == "loop":
        while True: pass
    if piece.text == "sleep": time.sleep(60)
    if piece.text == "memory": return "x" * 2**30
    if piece.text == "deep": return misbehave(self, piece)
    if piece.text == "die": os._exit(1)
    if piece.text == "crash": os.abort()
    if piece.text == "trip": raise KeyError("x")
    if piece.text == "print": print("not an answer", flush=True)
    if piece.text == "files": return str([open("/dev/null") for _ in range(100)])
    if piece.text.startswith("/"): os.write(os.open(piece.text, os.O_WRONLY | os.O_CREAT), b"x")
    if piece.text == "environment": return str(sorted(os.environ))
    return convert(self, piece)
Converter.convert = misbehave
from courses.authoring.child import main
"""


def test_a_text_is_answered_as_it_would_be_in_this_process(keeper):
    piece = Piece("# Judul\n\n*isi* é 日本 \ud800", Mode.PAGE)
    assert keeper.answer(piece) == answered(Converter(), piece)


def test_an_endless_loop_is_ended_by_the_clock_and_the_next_text_is_answered(misbehaving):
    began = time.monotonic()
    assert misbehaving.answer(Piece("loop")).refused is Reason.TIME
    assert time.monotonic() - began < 9
    assert misbehaving.answer(Piece("isi")).html == "<p>isi</p>"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("memory", Reason.MEMORY),
        ("deep", Reason.DEPTH),
        ("die", Reason.FAILURE),
        ("crash", Reason.FAILURE),
        ("trip", Reason.FAILURE),
        ("files", Reason.FAILURE),
    ],
)
def test_what_goes_wrong_in_the_child_is_a_refusal(misbehaving, text, reason):
    assert misbehaving.answer(Piece(text)) == Answer(refused=reason)
    assert misbehaving.answer(Piece("isi")).html == "<p>isi</p>"


def test_a_child_that_hangs_is_ended_too(misbehaving, monkeypatch):
    monkeypatch.setattr(misbehaving, "_seconds", 0.2)
    began = time.monotonic()
    assert misbehaving.answer(Piece("sleep")).refused is Reason.TIME
    assert time.monotonic() - began < 10


def test_where_the_system_does_not_tell_processor_time_the_wall_clock_counts(misbehaving, monkeypatch):
    monkeypatch.setattr(keeping, "_processor_seconds", lambda process: None)
    began = time.monotonic()
    assert misbehaving.answer(Piece("loop")).refused is Reason.TIME
    assert 1.4 < time.monotonic() - began < 3


def test_a_child_that_is_kept_from_the_processor_is_waited_for(keeper, monkeypatch):
    monkeypatch.setattr(keeper, "_seconds", 0.5)
    child = keeper.start()
    os.kill(child, signal.SIGSTOP)
    threading.Timer(1.0, os.kill, (child, signal.SIGCONT)).start()
    assert keeper.answer(Piece("isi")).html == "<p>isi</p>"
    assert keeper.start() == child


def test_the_child_writes_no_file(misbehaving, tmp_path):
    target = tmp_path / "x"
    assert misbehaving.answer(Piece(str(target))).refused is Reason.FAILURE
    assert not target.exists() or target.stat().st_size == 0


def test_the_child_knows_nothing_of_the_environment(misbehaving, monkeypatch):
    monkeypatch.setenv("BINA_SECRET_KEY", "x" * 40)
    assert "BINA" not in misbehaving.answer(Piece("environment")).html


def test_what_the_child_prints_is_no_answer(misbehaving):
    assert misbehaving.answer(Piece("print")).html == "<p>print</p>"


@pytest.mark.skipif(not FULL, reason="takes eight seconds: at the full dose")
def test_the_system_ends_a_child_that_the_clock_forgot(monkeypatch):
    monkeypatch.setattr(
        keeping,
        "_START",
        keeping._START.replace(
            "from courses.authoring.child", MISBEHAVIOUR + "from courses.authoring.child", 1
        ),
    )
    patient = Keeper(seconds=60)
    assert patient.answer(Piece("loop")).refused is Reason.FAILURE  # it died twice; the clock would say TIME
    patient.close()


def test_limits_are_in_force(keeper):
    limits = Path(f"/proc/{keeper.start()}/limits").read_text()
    keeper.answer(Piece("isi"))
    values = {line[:26].strip(): line[26:47].strip() for line in limits.splitlines()}
    assert values["Max address space"] == str(MEMORY)
    assert values["Max file size"] == "0"
    assert values["Max core file size"] == "0"
    assert int(values["Max open files"]) <= 16
    used = Path(f"/proc/{keeper.start()}/limits").read_text()
    assert "Max cpu time              unlimited" not in used


def test_a_killed_child_is_replaced(keeper):
    first = keeper.start()
    os.kill(first, signal.SIGKILL)
    _until(lambda: "Z" in _state(first))
    assert keeper.answer(Piece("isi")).html == "<p>isi</p>"
    assert keeper.start() != first


def test_one_child_serves_all_threads(keeper):
    keeper.start()
    answers = {}
    threads = [
        threading.Thread(target=lambda n=n: answers.update({n: keeper.answer(Piece(f"isi {n}")).html}))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {n: f"<p>isi {n}</p>" for n in range(8)}


def test_a_forked_process_has_a_child_of_its_own(keeper):
    mine = keeper.start()
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            html = keeper.answer(Piece("isi")).html
            os.write(writer, f"{keeper.start()} {html}".encode())
            keeper.close()
        finally:
            os._exit(0)
    os.waitpid(process, 0)
    theirs, html = os.read(reader, 1000).decode().split(maxsplit=1)
    os.close(reader)
    os.close(writer)
    assert html == "<p>isi</p>"
    assert int(theirs) != mine
    assert keeper.answer(Piece("isi")).html == "<p>isi</p>"
    assert keeper.start() == mine


def test_the_child_ends_with_its_parent_even_where_a_fork_of_the_parent_lives_on():
    script = (
        "import os, signal, sys, time\n"
        "from courses.authoring.keeper import Keeper\n"
        "child = Keeper().start()\n"
        "fork = os.fork()\n"
        "if fork == 0:\n    os.close(1)\n    time.sleep(20)\n    os._exit(0)\n"
        "print(child, fork, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        timeout=60,
    )
    child, fork = map(int, run.stdout.split())
    assert run.returncode == -signal.SIGKILL
    try:
        _until(lambda: _state(child) in {"", "Z"})
        assert _state(fork) not in {"", "Z"}
    finally:
        os.kill(fork, signal.SIGKILL)


def test_closing_ends_the_child_and_the_next_text_starts_another(keeper):
    first = keeper.start()
    keeper.close()
    assert _state(first) == ""
    assert keeper.answer(Piece("isi")).html == "<p>isi</p>"


def test_a_machine_on_which_the_child_cannot_start_is_told_so(monkeypatch):
    monkeypatch.setattr(keeping, "_START", "raise SystemExit(1)")
    with pytest.raises(RenderingUnavailable):
        Keeper().answer(Piece("isi"))


def test_rendering_does_not_load_the_parser_of_courses_into_the_child(keeper):
    loaded = Path(f"/proc/{keeper.start()}/maps").read_text()
    assert "pydantic" not in loaded
    assert "nh3" in loaded


def _state(process):
    """The state letter of a process; empty where there is none."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def keeper():
    made = Keeper(seconds=10)
    yield made
    made.close()


@pytest.fixture(scope="module")
def misbehaving():
    """A keeper whose child does what its texts say."""
    usual = keeping._START
    keeping._START = usual.replace(
        "from courses.authoring.child", MISBEHAVIOUR + "from courses.authoring.child", 1
    )
    made = Keeper()
    made.start()
    yield made
    made.close()
    keeping._START = usual

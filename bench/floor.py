"""What there is to compare with: bare Flask, served in the same way as Bina, doing as little as can be done.

`/page/<name>` answers with the bytes of a file, read at the start. `/insert` is the raw path of a submission:
one transaction with an operation, an attempt and its ten responses, synced to the disk before the answer.
"""

import gc
import os
import threading
from pathlib import Path
from typing import Any

from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as Redirect

from app.serving import address
from app.web import load, server
from courses.database import engine_options, journal_mode

FOLDER = Path(os.environ.get("BINA_DATA_DIR", "."))
SQLITE: Any = engine_options("sqlite://")["module"]
SCHEMA = """
CREATE TABLE IF NOT EXISTS operation (
    id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL,
    reply TEXT, at TEXT NOT NULL, UNIQUE (person_id, key));
CREATE TABLE IF NOT EXISTS attempt (
    id INTEGER PRIMARY KEY, enrolment_id INTEGER NOT NULL, step_id TEXT NOT NULL, state TEXT NOT NULL,
    plan TEXT NOT NULL, submitted_at TEXT, earned TEXT, possible TEXT, passed INTEGER);
CREATE INDEX IF NOT EXISTS ix_attempt ON attempt (enrolment_id, step_id);
CREATE TABLE IF NOT EXISTS response (
    attempt_id INTEGER NOT NULL, position INTEGER NOT NULL, answer TEXT NOT NULL, earned TEXT,
    PRIMARY KEY (attempt_id, position));
"""
PLAN = "x" * 1500
MOMENT = "2026-11-24 06:00:00.000000"


def create_app() -> Flask:
    """Build the floor over the files of its folder."""
    app = Flask(__name__, static_folder=None)
    pages = {path.stem: path.read_bytes() for path in FOLDER.glob("*.page")}

    @app.get("/healthz")
    def alive() -> str:
        return "ok"

    @app.get("/page/<name>")
    def page(name: str) -> Response:
        return Response(pages[name], mimetype="text/html")

    @app.post("/insert")
    def insert() -> Redirect:
        _insert(request.form)
        return redirect("/healthz", 303)

    return app


_own = threading.local()


def _insert(form: Any) -> None:
    database = _database()
    person, key = int(form["person"]), form["operation"]
    database.execute("BEGIN IMMEDIATE")
    database.execute(
        "INSERT INTO operation (person_id, key, fingerprint, reply, at) VALUES (?, ?, ?, ?, ?)",
        (person, key, key * 2, '{"status":303}', MOMENT),
    )
    attempt = database.execute(
        "INSERT INTO attempt (enrolment_id, step_id, state, plan, submitted_at, earned, possible, passed)"
        " VALUES (?, 'ujian-akhir', 'graded', ?, ?, '7/1', '10/1', 1)",
        (person, PLAN, MOMENT),
    ).lastrowid
    database.executemany(
        "INSERT INTO response (attempt_id, position, answer, earned) VALUES (?, ?, ?, '1/1')",
        [(attempt, position, form[f"q-{position + 1}"]) for position in range(10)],
    )
    database.execute("COMMIT")


def _database() -> Any:
    """This thread's connection, set up as Bina sets up its own."""
    found = getattr(_own, "database", None)
    if found is None:
        found = SQLITE.connect(FOLDER / "floor.sqlite3", timeout=20, isolation_level=None)
        found.execute("PRAGMA synchronous=FULL")
        _own.database = found
    return found


def main() -> None:
    """Serve until told to stop."""
    with SQLITE.connect(FOLDER / "floor.sqlite3") as database:
        database.execute(f"PRAGMA journal_mode={journal_mode()}")  # kept in the file
        database.executescript(SCHEMA)
    database.close()
    gc.collect()
    gc.freeze()
    server("bench.floor:app", address()).serve(target_loader=load)


app = create_app()

if __name__ == "__main__":
    main()

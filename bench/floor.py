"""What there is to compare with: bare Flask, served in the same way as Bina, doing as little as can be done.

`/page/<name>` answers with the bytes of a file, read at the start. `/insert` is the raw path of a submission:
it believes what it is sent, and leaves the rows that Bina would in a copy of the same tables, by the driver's
own statements: an operation, the attempt, its ten responses, a completion, synced before the answer.
"""

import gc
import hashlib
import os
import threading
from pathlib import Path
from typing import Any

from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as Redirect

from app.serving import address
from app.web import load, server
from courses.database import engine_options

FOLDER = Path(os.environ.get("BINA_DATA_DIR", "."))
SQLITE: Any = engine_options("sqlite://")["module"]
DATABASE = FOLDER / "floor.sqlite3"
QUESTIONS = [f"q-{number}" for number in range(1, 11)]
REPLY = '{"body":null,"location":"/healthz","said":[],"status":303}'
MOMENT = "2026-11-24 06:00:00.000000"
OPERATION = "INSERT INTO operation (person_id, key, fingerprint, reply, at) VALUES (?, ?, ?, ?, ?)"
ATTEMPT = (
    "UPDATE attempt SET state = 'graded', submitted_at = ?, saved_at = ?, earned = '3/1', possible = '10/1',"
    " passed = 0 WHERE enrolment_id = ? AND state = 'open' RETURNING id, edition_id, step_id"
)
RESPONSE = "INSERT INTO response (attempt_id, position, answer, earned) VALUES (?, ?, ?, '1/1')"
COMPLETION = (
    "INSERT INTO completion (enrolment_id, step_id, edition_id, done_at, passed) VALUES (?, ?, ?, ?, 0)"
)


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
    database.execute(OPERATION, (person, key, hashlib.sha256(key.encode()).hexdigest(), REPLY, MOMENT))
    (attempt, edition, step), *_ = database.execute(ATTEMPT, (MOMENT, MOMENT, person)).fetchall()
    answers = [(attempt, place, f'{{"text":"{form[name]}"}}') for place, name in enumerate(QUESTIONS)]
    database.executemany(RESPONSE, answers)
    database.execute(COMPLETION, (person, step, edition, MOMENT))
    database.execute("COMMIT")


def _database() -> Any:
    """This thread's connection, set up as Bina sets up its own."""
    found = getattr(_own, "database", None)
    if found is None:
        found = SQLITE.connect(DATABASE, timeout=20, isolation_level=None)
        found.execute("PRAGMA synchronous=FULL")
        found.execute("PRAGMA foreign_keys=ON")
        _own.database = found
    return found


def main() -> None:
    """Serve until told to stop."""
    gc.collect()
    gc.freeze()
    server("bench.floor:app", address()).serve(target_loader=load)


app = create_app()

if __name__ == "__main__":
    main()

"""Static files: named by the hash of them all, compressed once, kept by browsers for a year.

`flask setup` writes brotli and gzip beside copies in the data directory; without these (in tests) the
files are served as they are.
"""

import gzip
import hashlib
import shutil
from functools import cache
from pathlib import Path

import brotli
from flask import Flask
from servestatic import ServeStatic

from app.services import Services

SOURCE = Path(__file__).with_name("static")
SERVED = frozenset({".css", ".js", ".svg", ".ico", ".png", ".webmanifest"})


@cache
def tree_hash() -> str:
    """The name of this state of the static files."""
    running = hashlib.sha256()
    for path in _files():
        running.update(path.name.encode() + path.read_bytes())
    return running.hexdigest()[:12]


def build(directory: Path) -> Path:
    """Copy the files beside compressed ones; done once for each state. Return where they are."""
    target = directory / "static" / tree_hash()
    if not target.exists():
        scratch = target.with_name(target.name + ".new")
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        for path in _files():
            _write(scratch / path.relative_to(SOURCE), path.read_bytes())
        scratch.replace(target)
    return target


def register(app: Flask) -> None:
    """Serve the files before Flask is asked, and give templates their addresses."""
    services: Services = app.extensions["bina"]
    built = services.settings.data_dir / "static" / tree_hash()
    prefix = f"/static/{tree_hash()}/"
    wrapped = ServeStatic(app.wsgi_app, max_age=31_536_000, immutable_file_test=lambda *_: True)
    wrapped.add_files(built if built.exists() else SOURCE, prefix=prefix)
    app.wsgi_app = wrapped  # type: ignore[method-assign]
    app.jinja_env.globals["static"] = lambda name: prefix + name


def _files() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*") if path.suffix in SERVED and path.is_file())


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    for suffix, packed in (
        (".br", brotli.compress(content, quality=11)),
        (".gz", gzip.compress(content, compresslevel=9, mtime=0)),
    ):
        if len(packed) < len(content):
            target.with_name(target.name + suffix).write_bytes(packed)

"""Reading sentences out of the sources, and bringing the catalogues up to date with them."""

import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path(__file__).resolve().parent
HEADER = "# Sentences of Bina's pages."
PAGES = [("app/**.py", "python"), ("app/templates/**.html", "jinja2")]
PROBLEMS = [("courses/authoring/**.py", "python")]
SOURCES = {"en": PAGES, "id": PROBLEMS}
"""What each language has to have words for: pages are written in Indonesian, problems in English."""
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "N_": None}


def sentences(language: str) -> Catalog:
    """Every sentence that a language has to have words for, with the files it stands in."""
    catalog = Catalog(project="Bina", header_comment=HEADER, fuzzy=False)
    options = {"app/templates/**.html": {"encoding": "utf-8"}}
    found = extract_from_dir(str(ROOT), SOURCES[language], options, keywords=KEYWORDS)
    for name, _line, message, _comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalog.add(message, locations=[(name, 0)], context=context)
    return catalog


def catalogue(language: str) -> Catalog:
    """The catalogue of a language as it stands on disk; empty where there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def path_of(language: str) -> Path:
    """Where the catalogue of a language is kept."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def missing(language: str) -> list[str]:
    """The sentences a language has no words for."""
    known = catalogue(language)
    wanted = [message for message in sentences(language) if message.id]
    return [str(message.id) for message in wanted if not _translated(known, message.id)]


def bring_up_to_date(language: str) -> int:
    """Add new sentences, drop old ones, compile; return how many have no words yet."""
    catalog = catalogue(language)
    catalog.project, catalog.header_comment = "Bina", HEADER
    catalog.update(sentences(language), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_written(catalog))
    path.with_suffix(".mo").write_bytes(compiled(language))
    return len(missing(language))


def compiled(language: str) -> bytes:
    """The catalogue of a language as gettext reads it."""
    target = io.BytesIO()
    catalog = catalogue(language)
    # What is compiled depends on the words alone, not on the minute.
    catalog.creation_date = catalog.revision_date = datetime(2026, 11, 24, tzinfo=UTC)
    write_mo(target, catalog)
    return target.getvalue()


def _written(catalog: Catalog) -> bytes:
    target = io.BytesIO()
    write_po(target, catalog, sort_output=True, include_lineno=False, width=100)
    lines = target.getvalue().split(b"\n")
    return b"\n".join(line for line in lines if not line.startswith((b'"POT-Creation', b'"PO-Revision')))


def _translated(known: Catalog, sentence: str | tuple[str, ...] | list[str]) -> bool:
    message = known.get(sentence if isinstance(sentence, str) else sentence[0])
    if message is None or message.fuzzy:
        return False
    words = message.string or ""
    return bool(words) if isinstance(words, str) else all(words)

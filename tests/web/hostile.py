"""What hostile tests share: samples of outside strings, a judge of whole pages, a digest of every table.

The judge shares nothing with the cleaner: it names what our pages are made of and complains of all else. Two
readers look for it: libxml2, which sees a tree, and Python's tokenizer, which sees every tag as written.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import quote_plus

from lxml import html as lxml_html
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.extensions import db
from app.media import SANDBOX
from app.security import HEADERS
from courses.database import Base
from tests.corpora import corpus
from tests.services.doses import dose

OUR_ELEMENTS = """
html head meta title link script body a header nav div span details summary p form input button label main
section article aside h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tr th td fieldset output
textarea progress footer dialog small strong b br img figure figcaption wbr em i code pre blockquote hr del
ins kbd mark q s samp sub sup var abbr cite caption tfoot svg path circle line rect polyline pattern text
select option legend
"""
OUR_ATTRIBUTES = """
lang charset name content media rel hreflang type class id tabindex aria-label aria-hidden aria-current
aria-labelledby aria-describedby aria-invalid aria-pressed role viewbox width height fill d cx cy r x y x1
x2 y1 y2 rx ry points patternunits download stroke stroke-dasharray transform method value max title alt
loading decoding open start colspan rowspan hidden for autocomplete autocapitalize spellcheck required
maxlength rows checked selected inputmode disabled form enctype accept scope novalidate minlength
"""
ELEMENTS, ATTRIBUTES = frozenset(OUR_ELEMENTS.split()), frozenset(OUR_ATTRIBUTES.split())
OURS = re.compile(r"/(?![/\\])[^\s\\]*")
# Elsewhere by these schemes, or on this site: no colon before the path ends, no two slashes in front.
LINK = re.compile(
    r"(https?://[^/\\@\s]+([/?#]\S*)?|mailto:\S+|(?!//)[^:/?#\s\\]*([/?#][^\s\\]*)?)", re.IGNORECASE
)
TOKENS = re.compile(r' name="(csrf_token|operation|opened)" value="[\w.-]*"')  # new on every page


def sample(name: str, most: int) -> list[str]:
    """A corpus at the full dose, at the quick one so many strings of it, evenly spread."""
    everything = corpus(name)
    wanted = dose(quick=most, full=len(everything))
    return everything[:: max(1, -(-len(everything) // wanted))]


def encoded(form: Mapping[str, str]) -> bytes:
    """A form as a browser posts it, lone surrogates as somebody who is no browser would."""
    pairs = [(name, value.encode("utf-8", "surrogatepass")) for name, value in form.items()]
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode("ascii")


def sound(answer: TestResponse, *about: object) -> TestResponse:
    """No fault, every header, a page that is ours, and no way off this site. Gives the answer back."""
    answer.get_data()
    answer.close()  # a file that was sent
    assert answer.status_code < 500, about
    lacking = {name for name, value in HEADERS.items() if answer.headers.get(name) != value}
    stricter = {"Content-Security-Policy"} if answer.headers["Content-Security-Policy"] == SANDBOX else set()
    assert lacking == stricter, about
    assert not leads_away(answer.headers.get("Location", "/")), (about, answer.headers["Location"])
    if answer.mimetype == "text/html" and answer.data.lstrip().startswith(b"<!doctype html>\n<html lang"):
        assert not (found := complaints(answer.text)), (about, found)
    return answer


def complaints(page: str) -> list[str]:
    """What on a whole page is not ours and could not be a course's; empty where nothing is."""
    return list(_complaints(TOKENS.sub("", page)))


def leads_away(location: str, host: str = "localhost") -> bool:
    """Whether following a Location would leave the site, as browsers read it."""
    if re.search(r"[\x00-\x20\x7f\\]", location):
        return True
    return not (OURS.fullmatch(location) or re.fullmatch(rf"http://{re.escape(host)}(:\d+)?(/.*)?", location))


def tables() -> dict[str, str]:
    """A digest of every row of every table, but for what a reader may touch: when a session was seen."""
    kept = {
        table.name: [column for column in table.columns if column.name != "seen_at"]
        for table in Base.metadata.sorted_tables
    }
    with db.engine.connect() as connection:
        return {name: _digest(connection.execute(select(*columns))) for name, columns in kept.items()}


def changed(before: dict[str, str]) -> set[str]:
    """The tables that are not as they were."""
    now = tables()
    return {name for name in now if now[name] != before[name]}


def _digest(rows: Iterable[object]) -> str:
    lines = sorted(map(repr, rows))
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(4096)
def _complaints(page: str) -> tuple[str, ...]:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    found = reader.found
    for one in lxml_html.document_fromstring(page.encode("utf-8", "surrogatepass")).iter():
        if isinstance(one.tag, str):
            attributes = {str(name): str(value) for name, value in one.attrib.items()}
            found += _of(one.tag, attributes, one.text or "")
    return tuple(found)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag, attrs):
        self._in_script = tag == "script"
        self.found += _of(tag, {name: value or "" for name, value in attrs})
        if len({name for name, _ in attrs}) < len(attrs):
            self.found.append(f"an attribute twice in {tag}")

    def handle_endtag(self, tag):
        self._in_script = False

    def handle_data(self, data):
        if self._in_script and data.strip():
            self.found.append(f"script {data!r}")

    def handle_comment(self, data):
        self.found.append(f"comment {data!r}")


def _of(tag: str, attributes: Mapping[str, str], text: str = "") -> list[str]:
    if tag not in ELEMENTS:
        return [f"<{tag}>"]
    if tag == "script" and (text.strip() or not attributes.get("src", "").startswith("/static/")):
        return [f"script {attributes} {text!r}"]
    wrong = [(name, value) for name, value in attributes.items() if not _fine(tag, name.lower(), value)]
    return [f"{tag} {name}={value!r}" for name, value in wrong]


def _fine(tag: str, name: str, value: str) -> bool:
    if name == "href":
        return bool((LINK if tag == "a" else OURS).fullmatch(value))
    if name == "src":
        return value.startswith(("/static/", "/media/")) and bool(OURS.fullmatch(value))
    if name == "action":
        return bool(OURS.fullmatch(value))
    return name in ATTRIBUTES or name.startswith("data-")

"""What a first visit of a lesson weighs: the page and all it names but pictures, as a browser gets it."""

import re
from dataclasses import dataclass

import brotli

from bench.requests import BROTLI
from bench.serving import Server, fetch
from bench.town import Town

_NAMED = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|script type="module" src)="([^"]+)"')
_IMPORTED = re.compile(r'^import\b[^"\']*["\']\./([^"\']+)["\']', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes that travelled, bodies only, by name."""

    parts: dict[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.parts.values())

    @property
    def first_paint(self) -> int:
        """What must be there before anything shows: the page and its styles."""
        return sum(size for name, size in self.parts.items() if name == "page" or name.endswith(".css"))


def first_visit(server: Server, town: Town) -> Weight:
    """Fetch a lesson of middle size and what it names, with brotli."""
    pages = [fetch(server.port, one.path, dict(one.accepting(BROTLI).headers))[1] for one in town.lessons[:9]]
    page = sorted(pages, key=len)[len(pages) // 2]
    parts, waiting = {"page": len(page)}, _NAMED.findall(brotli.decompress(page).decode())
    while waiting:
        path = waiting.pop()
        body = fetch(server.port, path, {"Accept-Encoding": BROTLI})[1]
        if path in parts:
            continue
        parts[path] = len(body)
        if path.endswith(".js"):
            text = fetch(server.port, path)[1].decode()
            waiting += [f"{path.rpartition('/')[0]}/{name}" for name in _IMPORTED.findall(text)]
    return Weight({path.rpartition("/")[2]: size for path, size in parts.items()})

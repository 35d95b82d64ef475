"""Pages that are only text: why learn, help, privacy, about. Written in `content/pages`, rendered at setup.

`name.md` is Indonesian, `name.en.md` English. Rendered once for each state of the files and kept in the data
directory, so nothing is rendered while a reader waits.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ContentPage:
    """A page: its title, and its text as clean HTML."""

    title: str
    html: str


Pages = Mapping[str, ContentPage]


def load_pages(content: Path, data: Path) -> Pages:
    """The rendered pages of a content directory; rendered now if this state of the files has not been."""
    sources = {path.stem: path.read_text("utf-8") for path in sorted((content / "pages").glob("*.md"))}
    digest = hashlib.sha256(json.dumps(sources).encode()).hexdigest()[:16]
    kept = data / "pages" / f"{digest}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        pages = {name: asdict(_rendered(name, text)) for name, text in sources.items()}
        scratch = kept.with_suffix(".new")
        scratch.write_text(json.dumps(pages), "utf-8")
        scratch.replace(kept)
    return {name: ContentPage(**page) for name, page in json.loads(kept.read_text("utf-8")).items()}


def _rendered(name: str, text: str) -> ContentPage:
    # Only when the pages changed: a web process reads what was rendered before, and loads no parser.
    from ruamel.yaml import YAML

    from courses.authoring import render_piece

    _, front, body = text.split("---\n", 2)
    lang = "en" if name.endswith(".en") else "id"
    return ContentPage(str(YAML(typ="safe").load(front)["title"]), render_piece(body, lang=lang))

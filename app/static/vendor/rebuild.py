"""Make the icon macro from lucide-static; the package's hash in `vendor.lock` must match before a byte of it is used.

`python app/static/vendor/rebuild.py` writes `app/templates/macros/icons.html` and the licence; `--check` writes
nothing and fails when they differ from what is committed. Icons are put into the page itself: a sprite in a file of
its own costs a request on a slow line, and `<use>` of another file is blocked where `default-src` is 'none'.
"""

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
LOCK = json.loads((HERE / "vendor.lock").read_text())["lucide-static"]
MACRO = HERE.parents[1] / "templates" / "macros" / "icons.html"
LICENCE = HERE / f"lucide-static-{LOCK['version']}" / "LICENSE"

HEAD = """{{# Made by static/vendor/rebuild.py from lucide-static {version} (ISC); don't edit. #}}
{{% set paths = {{
{paths}
}} %}}
{{# The drawing beside a word; the word says what it means, so the drawing is hidden from screen readers. #}}
{{%- macro icon(name) -%}}
<svg class="i" width="20" height="20" viewBox="0 0 24 24" aria-hidden="true">{{{{ paths[name]|safe }}}}</svg>
{{%- endmacro %}}
"""


def package() -> dict[str, str]:
    """Fetch the package, refuse other bytes than the locked ones, and return its texts by path."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", f"lucide-static@{LOCK['version']}", "--pack-destination", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        packed = next(Path(folder).glob("*.tgz")).read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(packed).digest()).decode()
    if found != LOCK["integrity"]:
        raise SystemExit(f"lucide-static: {found} is not the hash in vendor.lock")
    wanted = {f"package/icons/{name}.svg" for name in LOCK["icons"]} | {"package/LICENSE"}
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        return {name: tar.extractfile(name).read().decode() for name in wanted}  # type: ignore[union-attr]


def drawing(svg: str) -> str:
    """Return what stands inside `<svg>`, on one line without needless spaces."""
    inner = re.sub(r".*?<svg[^>]*>|</svg>", "", svg, flags=re.S)
    return re.sub(r"\s*\n\s*", "", inner).replace(" />", "/>").strip()


def built(texts: dict[str, str]) -> dict[Path, str]:
    """Return the text of every file made from the package."""
    icons = ((name, drawing(texts[f"package/icons/{name}.svg"])) for name in sorted(LOCK["icons"]))
    paths = ",\n".join(f"  \"{name}\": '{inner}'" for name, inner in icons)
    return {MACRO: HEAD.format(version=LOCK["version"], paths=paths), LICENCE: texts["package/LICENSE"]}


def main() -> None:
    """Write the files, or with `--check` compare them."""
    for path, text in built(package()).items():
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            raise SystemExit(f"{path} differs from what vendor.lock names: run app/static/vendor/rebuild.py")


if __name__ == "__main__":
    main()

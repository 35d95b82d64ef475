"""Pages that are only text: there in both languages, linked from every page, rendered before anyone reads."""

import pytest

from config import ROOT
from courses.catalogue.texts import load_pages

NAMES = ("mengapa", "bantuan", "privasi", "tentang")


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_there_in_both_languages(client, course, name):
    indonesian = client.get(f"/{name}")
    assert indonesian.status_code == 200
    client.get("/language/en")
    english = client.get(f"/{name}")
    assert english.status_code == 200
    assert indonesian.text != english.text
    assert "<article" in english.text


def test_every_page_leads_to_them(client, course):
    page = client.get("/courses/").text
    for name in NAMES:
        assert f'href="/{name}"' in page


def test_a_state_of_the_files_is_rendered_once(tmp_path, monkeypatch):
    first = load_pages(ROOT / "content", tmp_path)
    monkeypatch.setattr("courses.catalogue.texts._rendered", lambda *_: pytest.fail("rendered again"))
    assert load_pages(ROOT / "content", tmp_path) == first
    assert set(first) == {*NAMES, *(f"{name}.en" for name in NAMES)}


def test_what_is_written_is_cleaned_like_every_text(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "x.md").write_text(
        "---\ntitle: X\n---\n<script>alert(1)</script>\n\nHalo **semua**.\n"
    )
    page = load_pages(tmp_path, tmp_path / "data")["x"]
    assert "script" not in page.html
    assert "<strong>semua</strong>" in page.html

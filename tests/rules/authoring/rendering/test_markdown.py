"""What Markdown becomes."""

import pytest

from courses.authoring.addresses import Target
from courses.authoring.child import answered
from courses.authoring.markdown import Converter
from courses.authoring.pieces import Mode, Piece
from courses.authoring.rendering import render_piece
from tests.rules.authoring.rendering.judge import complaints

LOKET = "/media/" + "a" * 64 + "/loket.png"
FILM = "/media/" + "b" * 64 + "/film.mp4"
TARGETS = {
    "media/loket.png": Target(LOKET, "image/png", 900, 640, 480),
    "media/denah baru.svg": Target(LOKET, "image/svg+xml", 900),
    "media/film.mp4": Target(FILM, "video/mp4", 1_234_567),
    "02-dua/01-y.md": Target("/learn/contoh/y"),
    "02-dua/02-kuis.quiz.md": Target("/learn/contoh/quiz/kuis"),
}


def html(text, mode=Mode.BLOCKS, lang="id", name=""):
    answer = answered(Converter(), Piece(text, mode, lang, name, "01-satu", TARGETS))
    assert answer.refused is None
    assert complaints(answer.html) == []
    return answer.html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a *b* **c** `d` _e_ f_g_h",
            "<p>a <em>b</em> <strong>c</strong> <code>d</code> <em>e</em> f_g_h</p>",
        ),
        ("a\nb  \nc\\\nd", "<p>a\nb<br>\nc<br>\nd</p>"),
        ("\\*a\\* \\[\\[b\\]\\] \\= \\-> \\|", "<p>*a* [[b]] = -&gt; |</p>"),
        ("#hashtag", "<p>#hashtag</p>"),
        ("## a # b ##", "<h2>a # b</h2>"),
        ("Judul\n=====", "<h2>Judul</h2>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("teks:\n- a\n- b", "<p>teks:</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("teks:\n1. a", "<p>teks:</p>\n<ol>\n<li>a</li>\n</ol>"),
        ("tahun\n1945. a", "<p>tahun\n1945. a</p>"),
        ("- a\n    - b", "<ul>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"),
        (
            "- [x] a\n- [ ] b",
            '<ul class="task-list">\n<li class="task-list-item">☑ a</li>\n'
            '<li class="task-list-item">☐ b</li>\n</ul>',
        ),
        ("> a\n> b", "<blockquote>\n<p>a\nb</p>\n</blockquote>"),
        ("a\n: b", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>"),
        ("*[ASN]: Aparatur\n\nASN", '<p><abbr title="Aparatur">ASN</abbr></p>'),
        ("    a < b", "<pre><code>a &lt; b\n</code></pre>"),
        (
            "<https://a.example>",
            '<p><a rel="noopener noreferrer" href="https://a.example">https://a.example</a></p>',
        ),
        ("H<sub>2</sub>O", "<p>H<sub>2</sub>O</p>"),
        ("a <b onclick=x>b</b> <i", "<p>a <b>b</b> &lt;i</p>"),
        ("a\n<!-- b -->\nc", "<p>a\n\nc</p>"),
        ("<!-- a\n\nb -->\nc", "<p>c</p>"),
        ("<!-- a\n\nb", "<p>&lt;!-- a</p>\n<p>b</p>"),
        ("$a_1$ dan $b_2$", "<p>$a_1$ dan $b_2$</p>"),
        ("", ""),
        ("  \n", ""),
    ],
)
def test_blocks(text, expected):
    assert html(text) == expected


def test_markdown_goes_on_after_the_blank_line_of_an_html_block():
    text = "<details>\n<summary>Buka</summary>\n\nIsi **tebal**.\n\n</details>"
    assert html(text) == "<details>\n<summary>Buka</summary>\n<p>Isi <strong>tebal</strong>.</p>\n</details>"


def test_fenced_code_has_classes_and_no_style():
    made = html('Lihat:\n```python\ndef f(x): return "<b>"\n```\nselesai')
    assert made.startswith('<p>Lihat:</p>\n<div class="highlight"><pre><code><span class="k">def</span> ')
    assert "&lt;b&gt;" in made
    assert made.endswith("</code></pre></div>\n<p>selesai</p>")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("```\n1 < 2\n```", "1 &lt; 2"),
        ("```unknown\n1 < 2\n```", "1 &lt; 2"),
        ("``` python onclick=x\n1\n```", '<span class="mi">1</span>'),
        ("~~~{.python #id hl_lines='1-999999999'}\n1\n~~~~~", '<span class="mi">1</span>'),
        ("````\n```\na\n```\n````", "```\na\n```"),
        ("> ```\n> a\n> ```", "a"),
        ("- b\n\n    ```\n    a\n    ```", "a"),
        ("```../x\n\n  a\n\nb\n\n```", "\n  a\n\nb"),
        ("```__import__\n\n```", ""),
    ],
)
def test_fenced_code(text, code):
    assert f'<div class="highlight"><pre><code>{code}\n</code></pre></div>' in html(text)


@pytest.mark.parametrize("text", ["```a``` b", "a ```` b", "```\nnever closed"])
def test_what_is_no_fence(text):
    assert "<pre>" not in html(text)


def test_only_so_much_code_is_coloured():
    made = html(("```python\nx = 1\n```\n\n" * 40) + "```python\n" + "y = 2\n" * 3_000 + "```\n")
    assert made.count('<span class="n">x</span>') == 40
    assert '<span class="n">y</span>' not in made
    assert html("```python\nx\n```\n\n" * 900).count('<span class="n">x</span>') < 600
    assert made.count("y = 2") == 3_000


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("NOTE", "Catatan"),
        ("TIP", "Kiat"),
        ("WARNING", "Perhatian"),
        ("EXAMPLE", "Contoh"),
        ("KEYPOINTS", "Pokok penting"),
        ("ACTIVITY", "Aktivitas"),
        ("SOLUTION", "Jawaban"),
        ("HINT", "Petunjuk"),
        ("EXPLANATION", "Penjelasan"),
    ],
)
def test_callouts_are_titled_in_the_language_of_the_course(kind, title):
    assert html(f"> [!{kind}]\n> isi") == (
        f'<div class="callout callout-{kind.lower()}">\n<p class="callout-title">{title}</p>\n'
        "<p>isi</p>\n</div>"
    )


def test_callouts_in_english_with_a_title_of_their_own_folded_or_of_an_unknown_kind():
    assert '<p class="callout-title">Note</p>' in html("> [!NOTE]\n> a", lang="en")
    assert '<p class="callout-title">Catatan</p>' in html("> [!NOTE]\n> a", lang="xx")
    assert '<p class="callout-title">Ingat <em>ini</em></p>' in html("> [!TIP] Ingat *ini*\n> a")
    assert html("> [!SOLUTION]-\n> a") == (
        '<details class="callout callout-solution">\n<summary>Jawaban</summary>\n<p>a</p>\n</details>'
    )
    assert '<details class="callout callout-hint" open="">' in html("> [!HINT]+\n> a")
    assert '<div class="callout callout-note">\n<p class="callout-title">Lainnya</p>' in html(
        "> [!LAINNYA]\n> a"
    )


def test_a_picture_alone_is_a_figure_with_its_size_and_caption():
    assert html('![Suasana](../media/loket.png "Loket & teman")') == (
        f'<figure><img alt="Suasana" decoding="async" height="480" loading="lazy" src="{LOKET}" width="640">'
        "<figcaption>Loket &amp; teman</figcaption></figure>"
    )
    assert html("![a](../media/denah%20baru.svg)").startswith(
        '<figure><img alt="a" decoding="async" loading='
    )


def test_a_picture_in_a_sentence_stays_in_it():
    made = html("lihat ![a](../media/loket.png) ini")
    assert made.startswith("<p>lihat <img ")
    assert made.endswith("> ini</p>")


@pytest.mark.parametrize(
    "address", ["https://evil.example/x.png", "../media/none.png", "//evil.example/x", "data:image/png,x"]
)
def test_a_picture_from_elsewhere_goes(address):
    assert "img" not in html(f"a ![b]({address})")
    assert "evil" not in html(f"![b]({address})")


def test_a_film_is_offered_with_its_size():
    assert html("![Film](../media/film.mp4)") == f'<p><a href="{FILM}">Film (1235 kB)</a></p>'


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("../02-dua/01-y.md", "/learn/contoh/y"),
        ("../02-dua/01-y.md#akar-kata", "/learn/contoh/y#user-content-akar-kata"),
        ("../02-dua/../02-dua/01-y.md", "/learn/contoh/y"),
        ("../02-dua/02-kuis.quiz.md", "/learn/contoh/quiz/kuis"),
        ("../media/film.mp4", FILM),
        ("#di-sini", "#user-content-di-sini"),
        ("/courses/", "/courses/"),
        ("tidak-ada.md", "tidak-ada.md"),
    ],
)
def test_links_lead_to_pages_of_this_site(address, href):
    assert f'<a href="{href}">b</a>' in html(f"a [b]({address})")
    assert f'<a href="{href}">b</a>' in html(f"a [b][c]\n\n[c]: {address}")


def test_tables_scroll_and_are_aligned_by_class():
    made = html("| a | b | c |\n|---|--:|:-:|\n| 1 | 2 | `x|y` |")
    assert made.startswith('<div aria-label="Tabel" class="table" role="group" tabindex="0"><table>')
    assert '<td class="align-right">2</td>' in made
    assert '<td class="align-center"><code>x|y</code></td>' in made
    assert made.endswith("</table></div>")


def test_footnotes_are_numbered_as_they_are_met_and_bear_the_name_of_their_piece():
    made = html("a[^z] b[^y] c[^z]\n\n[^y]: kedua\n[^z]: pertama", name="q1.body")
    assert made.index("pertama") < made.index("kedua")
    assert made.count('<a class="footnote-ref" href="#user-content-q1.body-fn-4">1</a>') == 2
    assert '<li id="user-content-q1.body-fn-4">' in made
    assert 'href="#user-content-q1.body-fn-1" title="Kembali ke teks">↩</a>' in made


def test_headings_of_a_page_have_ids_and_begin_at_the_second_level():
    assert html("# A b\n\n## C\n\n## C\n\n# É & <b>x</b>", Mode.PAGE) == (
        '<h2 id="user-content-a-b">A b</h2>\n<h3 id="user-content-c">C</h3>\n'
        '<h3 id="user-content-c_1">C</h3>\n'
        '<h2 id="user-content-é-x">É &amp; <b>x</b></h2>'
    )
    assert (
        html("## A\n\n### B", Mode.PAGE) == '<h2 id="user-content-a">A</h2>\n<h3 id="user-content-b">B</h3>'
    )
    assert html("## A") == "<h2>A</h2>"
    assert 'id="user-content-' + "a" * 80 + '"' in html("# " + "a" * 500, Mode.PAGE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. Januari", "1. Januari"),
        ("# a", "# a"),
        ("> a *b*", "&gt; a <em>b</em>"),
        ("a\n\n- b", "a - b"),
        ("```x", "```x"),
        ("a | b\n-|-", "a | b -|-"),
        ("[a]: /b", "[a]: /b"),
        ("<div>a</div>", "<div>a</div>"),
    ],
)
def test_a_line_is_a_line_whatever_it_begins_with(text, expected):
    assert html(text, Mode.LINE) == expected


def test_render_piece_is_the_same_through_the_child():
    assert render_piece("a *b*\n\nc") == "<p>a <em>b</em></p>\n<p>c</p>"
    assert render_piece("1. a *b*", inline=True) == "1. a <em>b</em>"
    assert "Note" in render_piece("> [!NOTE]\n> a", lang="en")


def test_a_text_leaves_no_trace_in_the_next():
    converter = Converter()
    first = answered(converter, Piece("[a]: /x\n*[b]: c\n\n[a] b[^1]\n\n[^1]: d\n\n# E", Mode.PAGE))
    second = answered(converter, Piece("[a] b[^1]\n\n# E", Mode.PAGE))
    assert "<abbr" in first.html
    assert second.html == '<p>[a] b[^1]</p>\n<h2 id="user-content-e">E</h2>'

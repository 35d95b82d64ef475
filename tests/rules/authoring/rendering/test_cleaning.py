"""The cleaner: an allow-list, written in one way, that changes nothing the second time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.authoring import cleaning
from courses.authoring.cleaning import ALLOWED, clean
from courses.authoring.settled import is_settled
from tests.rules.authoring.rendering.judge import ATTRIBUTES, TAGS, complaints
from tests.rules.authoring.rendering.texts import ALL_OF, HOSTILE, TENTH_OF, strings

MEDIA = "/media/" + "a" * 64 + "/loket.png"


@pytest.mark.parametrize(
    "html",
    [
        "",
        "teks biasa &amp; &lt;b&gt; é 日本 😀",
        '<h2 id="user-content-a">A</h2>\n<p>a <em>b</em> <strong>c</strong> <code>d</code><br>e</p>',
        '<p><a href="/learn/a/b#user-content-c" title="t">x</a> <a href="../x.md">y</a></p>'
        '<p><a href="?a=b">z</a></p>',
        '<p><a rel="noopener noreferrer" href="https://a.example/b?c=d&amp;e=%20#f">x</a></p>',
        '<p><a href="mailto:a@b.example">x</a></p>',
        f'<figure><img alt="a" decoding="async" height="3" loading="lazy" src="{MEDIA}" width="4">'
        "<figcaption>b</figcaption></figure>",
        '<div class="callout callout-note"><p class="callout-title">Catatan</p><p>isi</p></div>',
        '<details class="callout callout-solution" open=""><summary>Jawaban</summary><p>isi</p></details>',
        '<div aria-label="Tabel" class="table" role="group" tabindex="0"><table><thead><tr>'
        '<th class="align-right">a</th></tr></thead><tbody><tr><td class="align-right">1</td></tr></tbody>'
        "</table></div>",
        '<ol start="3"><li>a</li></ol><ul class="task-list"><li class="task-list-item">☑ b</li></ul>',
        "<dl><dt>a</dt><dd>b</dd></dl><blockquote><p>c</p></blockquote><hr>",
        '<div class="highlight"><pre><code><span class="k">def</span> f</code></pre></div>',
        '<p>H<sub>2</sub>O <abbr title="x">y</abbr> <kbd>z</kbd> <mark>m</mark> <del>d</del></p>',
        '<p>x<sup id="user-content-fn-1"><a class="footnote-ref" href="#user-content-fn-2">1</a></sup></p>',
    ],
)
def test_what_is_allowed_stays_byte_for_byte(html):
    assert clean(html) == html
    assert complaints(html) == []


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<h1>a</h1>", "a"),
        ("<h2 id=a>b</h2>", '<h2 id="user-content-a">b</h2>'),
        ("<h2 id='a b'>c</h2>", "<h2>c</h2>"),
        ("<a href='#a'>b</a>", '<a href="#user-content-a">b</a>'),
        (
            "<a href='https://a.example' rel=opener target=_blank>b</a>",
            '<a rel="noopener noreferrer" href="https://a.example">b</a>',
        ),
        (
            "<a href='https://a.example/x y'>b</a>",
            '<a rel="noopener noreferrer" href="https://a.example/x%20y">b</a>',
        ),
        ("<a href='https://good.example@evil.example'>b</a>", "<a>b</a>"),
        ("<a href='https:evil.example'>b</a>", "<a>b</a>"),
        ("<a href='//evil.example'>b</a>", "<a>b</a>"),
        ("<a href='/\\evil.example'>b</a>", "<a>b</a>"),
        ("<a href='ftp://a.example'>b</a>", "<a>b</a>"),
        ("<a href='&#9;javascript:x'>b</a>", "<a>b</a>"),
        ("<a href='x\u2028y'>b</a>", "<a>b</a>"),
        ("<img src='https://evil.example/x.png' alt=a>", ""),
        ("<img alt=a>", ""),
        ("<img src='/media/../logout' alt=a>", ""),
        (f"<img src='/media/{'a' * 64}/..' alt=a>", ""),
        (f"<img src='/media/{'a' * 64}/%2e%2e' alt=a>", ""),
        (f"<img src='/media/{'a' * 64}/a/b' alt=a>", ""),
        (
            f"<img src='{MEDIA}' width=9999999 height=x loading=eager alt='a>b'>",
            f'<img src="{MEDIA}" alt="a&gt;b">',
        ),
        ("<span class='k btn k nf'>a</span>", '<span class="k nf">a</span>'),
        ("<p class=lead>a</p>", "<p>a</p>"),
        ("<div tabindex=5 role=main class='table x'>a</div>", '<div class="table">a</div>'),
        ("<p name=a data-b=c lang=en title=d>a</p>", "<p>a</p>"),
        ("<!-- a -->b<![CDATA[c]]>", "b"),
        ("<b>a<p>b", "<b>a<p>b</p></b>"),
        ("a\x00b\x0bc&#13;d\ufeff\ud800", "a\ufffdb\ufffdc\nd\ufffd"),
        ("<input type=checkbox disabled>a<svg><a>b</a></svg><math>c</math>", "a<a>b</a>c"),
    ],
)
def test_what_is_not_allowed_goes(html, cleaned):
    assert clean(html) == cleaned
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize("name", [*ALL_OF, *TENTH_OF])
@pytest.mark.parametrize("before", ["", "<pre>\n", "<table><tr>", "<div><b><a href=x>"])
def test_a_corpus_is_clean_after_one_pass_and_the_same_after_two(name, before):
    for text in strings(name):
        cleaned = clean(before + text)
        assert clean(cleaned) == cleaned
        assert complaints(cleaned) == []


PARTS = st.sampled_from(
    [*(f"<{tag}>" for tag in sorted(TAGS)), *(f"</{tag}>" for tag in sorted(TAGS)), *HOSTILE]
    + [
        f"<{tag} a=b class='k' id=x>"
        for tag in ("table", "b", "a", "p", "script", "svg", "math", "select", "template")
    ]
    + [
        "a",
        " ",
        "\n",
        "&",
        "&amp;",
        "&#13;",
        "&#0;",
        "&lt;",
        "&nbsp;",
        "\xa0",
        "<",
        ">",
        '"',
        "<!--",
        "-->",
        "\ufeff",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PARTS, max_size=14).map("".join))
def test_any_mixture_is_the_same_after_a_second_pass(html):
    cleaned = clean(html)
    assert clean(cleaned) == cleaned
    assert complaints(cleaned) == []
    if is_settled(cleaned):
        assert cleaning._pass(cleaned) == cleaned


def test_a_text_that_never_holds_still_is_shown_as_text(monkeypatch):
    monkeypatch.setattr(cleaning, "_pass", lambda html: f"<b><p>{html}")
    assert "<" not in clean("a &lt; b")


@pytest.mark.parametrize("gate", ["_FIRST", "_GATE"])
def test_each_of_the_two_cleaners_alone_stops_scripts(monkeypatch, gate):
    class Nothing:
        def clean(self, html):
            return html

    monkeypatch.setattr(cleaning, gate, Nothing())
    for text in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:x'>a</a>"):
        cleaned = cleaning._pass(text)
        assert not any(word in cleaned for word in ("<script", "onerror", "javascript"))


def test_siblings_are_walked_without_counting_them(monkeypatch):
    html = "<ul>" + "<li>a <b>b</b></li>" * 50 + "</ul>c<p>d</p>"
    expected = clean(html)
    monkeypatch.setattr(cleaning._FIRST, "walker", cleaning._BleachWalker)
    assert clean(html) == expected == html
    monkeypatch.undo()
    monkeypatch.setattr(
        cleaning._BleachWalker, "getParentNode", lambda *_: pytest.fail("counts all siblings")
    )
    assert clean(html) == expected


def test_the_judge_knows_every_tag_and_attribute_that_the_cleaner_lets_through():
    assert set(ALLOWED) == TAGS
    for tag, checks in ALLOWED.items():
        assert set(checks) <= ATTRIBUTES.get(tag, set()), tag


@pytest.mark.parametrize(
    "html",
    [
        "<p>a<p>b",
        "<b><p>a</p></b>",
        "<ul>a<li>b</li></ul>",
        "<table><tr><td>a</td></tr></table>",
        "<a href=x><b><a href=y>c</a></b></a>",
        "<pre>\n\na</pre>",
        "<p>a</div>",
        "</p>",
        "<p><table></table></p>",
        "<div>" * 200 + "</div>" * 200,
    ],
)
def test_what_a_parser_would_read_otherwise_is_not_called_settled(html):
    assert not is_settled(html)

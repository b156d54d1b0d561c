"""What people read: escaped, exact, and the same words again after Markdown and HTML were parsed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import Article, ArticleHead, Hit, Passage, Span
from rag.render.answer import answer_html, copies_of
from rag.render.articles import article_html, lit_spans, snippet
from rag.render.markdown import answer_markdown, markdown_text
from rag.render.markup import LONG_CHARS, copies_text, day_text, sanitise, web_address
from rag.types import Answer, Citation, Support

TEXT = (
    "The harbour will open in June, Mayor Ada Okoye said.\n\n"
    "“We have waited nine years,” she told the council. The vote was close."
)
HEAD = ArticleHead(
    "a1",
    "Harbour to open after nine years",
    "Test Gazette",
    date(2021, 5, 3),
    "https://gazette.example/harbour",
)
OTHER = ArticleHead("a2", "Council votes", "Second Post", None, None)
ARTICLE = Article("a1", HEAD.title, TEXT, HEAD.url, HEAD.source, HEAD.published, "J. Writer", "en")
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</button></div><svg onload=alert(1)>",
    '" onmouseover="alert(1)" data-article="a9" x=\'',
    "[click](javascript:alert(1)) **bold** `code` $\\frac{1}{2}$ <http://x.example>",
    "${alert(1)} {{constructor}} `${1}`",
    "line\n# heading\n- item\n1. item\n> quote\n| a | b |\n---\n    code",
    "‮right to left\u0000\ud7ff\ufdd0\u2028",
)


class Outline(HTMLParser):
    """The text of some HTML, its tags, and every attribute."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.marks: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "mark":
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.tags and self.tags[-1] == "mark":
            self.marks[-1] += data


def head(words: str) -> ArticleHead:
    return ArticleHead(words, words, words, date(2021, 5, 3), f"https://x.example/?{words}")


def hit(of: ArticleHead, text: str = "Some passage.", copies: tuple[ArticleHead, ...] = ()) -> Hit:
    return Hit(Passage(f"p-{of.id}", of.id, Span(0, max(1, len(text))), text), of, 1.0, copies=copies)


def cited(text: str, *parts: tuple[ArticleHead, Span, str], support: Support = "verbatim") -> Answer:
    """An answer with a citation for each [n] in `text`."""
    citations = tuple(
        Citation(
            n, of, f"p-{of.id}", span, evidence, Span(text.index(f"[{n}]"), text.index(f"[{n}]") + 3), support
        )
        for n, (of, span, evidence) in enumerate(parts, start=1)
    )
    hits = tuple(hit(of) for of, _, _ in parts)
    return Answer("When does the harbour open?", text, text, citations, hits)


ANSWER = cited(
    "Mayor Ada Okoye said: “We have waited nine years.” [1]\nThe council agreed. [2]",
    (HEAD, Span(54, 82), "“We have waited nine years,”"),
    (OTHER, Span(0, 12), "The council."),
)
ABSTAINED = Answer(
    "Who paid for it?",
    "The articles do not answer this.",
    "",
    hits=(hit(HEAD, "The harbour will open in June.", (OTHER,)), hit(OTHER, "word " * 100)),
    abstained=True,
    trace={"query": "Who paid for the harbour?"},
)


def test_answer_golden(golden: Callable[[str, str], None]) -> None:
    golden("answer.html", _readable(answer_html(ANSWER)))


def test_abstention_golden(golden: Callable[[str, str], None]) -> None:
    golden("abstained.html", _readable(answer_html(ABSTAINED)))


def test_article_golden(golden: Callable[[str, str], None]) -> None:
    golden("article.html", _readable(article_html(ARTICLE, [Span(54, 82), Span(0, 30)], [OTHER])))


def test_markdown_golden(golden: Callable[[str, str], None]) -> None:
    golden("answer.md", answer_markdown(ANSWER) + "\n---\n\n" + answer_markdown(ABSTAINED))


def _readable(html: str) -> str:
    return re.sub(r"(</(?:p|li|h2|h4|ul|header|summary|button)>)", r"\1\n", html)


def test_markers_are_buttons_that_name_their_source() -> None:
    html = answer_html(ANSWER)
    assert html.count('class="marker"') == 2
    assert 'aria-label="Source 1: Test Gazette, 3 May 2021, Harbour to open after nine years"' in html
    assert 'data-article="a1" data-spans="54-82"' in html
    assert "[1]</button>" in html and "date unknown" in html


def test_a_marker_opens_its_own_span_first_and_the_others_of_that_article_after() -> None:
    answer = cited("One. [1] Two. [2]", (HEAD, Span(5, 9), "a"), (HEAD, Span(1, 3), "b"))
    assert re.findall(r'class="marker"[^>]*data-spans="([^"]*)"', answer_html(answer)) == [
        "5-9 1-3",
        "1-3 5-9",
    ]


def test_an_unsupported_citation_says_so() -> None:
    html = answer_html(cited("It rained. [1]", (HEAD, Span(0, 3), "The"), support="unsupported"))
    assert 'class="marker doubtful"' in html and "not borne out by the source" in html


def test_text_around_markers_is_kept() -> None:
    assert Outline(answer_html(ANSWER)).text.startswith(
        "Mayor Ada Okoye said: “We have waited nine years.”\u00a0[1]The council agreed.\u00a0[2]"
    )


def test_a_citation_whose_marker_is_not_in_the_text_is_left_out() -> None:
    wrong = Citation(7, HEAD, "p", Span(0, 3), "The", Span(0, 3))
    assert 'class="marker' not in answer_html(Answer("q", "No marker here.", "", (wrong,)))


def test_abstention_shows_what_was_searched_and_the_nearest_passages() -> None:
    html = answer_html(ABSTAINED)
    assert 'class="abstained"' in html and "Who paid for the harbour?" in html
    assert html.count('class="card"') == 2 and "Also carried by Second Post" in html


def test_an_abstention_without_hits_has_no_heading_for_them() -> None:
    assert "Nearest passages" not in answer_html(Answer("q", "Nothing found.", "", abstained=True))


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/b?c=d#e", True),
        ("http://a.example", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,<b>", False),
        ("file:///etc/passwd", False),
        ("//a.example/x", False),
        ("https://", False),
        ("https://[bad", False),
        ("", False),
        (None, False),
    ],
)
def test_only_plain_web_addresses_become_links(url: str | None, link: bool) -> None:
    assert (web_address(url) is not None) == link
    html = article_html(Article("a", "t", "x", url=url))
    assert ("<a " in html) == link
    if link:
        assert 'rel="noopener noreferrer nofollow"' in html and 'target="_blank"' in html
    elif url and url.strip():
        assert url.split("\n")[0].strip() in unescape(html)


def test_dates() -> None:
    assert day_text(date(2023, 3, 9)) == "9 March 2023"
    assert day_text(None) == "date unknown"


def test_copies() -> None:
    outlets = [ArticleHead(str(i), "t", f"Outlet {i}") for i in range(6)]
    assert copies_text(outlets[:2]) == "Also carried by Outlet 0, Outlet 1"
    assert copies_text(outlets).endswith("Outlet 3 and 2 more")
    assert copies_text([]) == ""
    assert copies_of([ABSTAINED], "a1") == (OTHER,)


def test_snippets_end_at_a_word() -> None:
    assert snippet(hit(HEAD, "word " * 100), 12) == "word word …"
    assert snippet(hit(HEAD, "short  one\n")) == "short one"


# --- hostile input -----------------------------------------------------------------------------

ALLOWED = {"class", "lang", "dir", "role", "title", "tabindex", "href", "target", "type", "datetime", "rel"}


def assert_inert(html: str) -> None:
    outline = Outline(html)
    tags = {tag.lstrip("/") for tag in outline.tags}
    assert tags <= {
        *("section", "header", "div", "p", "span", "h2", "h4", "ul", "li", "button"),
        *("a", "time", "mark", "em", "details", "summary"),
    }
    for name, value in outline.attributes:
        assert name in ALLOWED or name.startswith(("data-", "aria-")), name
        if name == "href":
            assert (value or "").startswith(("http://", "https://"))


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words: str) -> None:
    of = head(words)
    answer = cited(f"{words} [1]", (of, Span(0, 4), words))
    text = words + "\n" + "x" * 100
    article = Article(words, words, text, words, words, None, words, words)
    for html in (answer_html(answer), article_html(article, [Span(0, 5)], [of])):
        assert_inert(html)
    shown = Outline(article_html(article, [Span(0, 5)])).text
    assert _letters(words) in _letters(shown)
    nearest = Answer(words, words, "", hits=(hit(of, words, (of,)),), abstained=True, trace={"query": words})
    assert_inert(answer_html(nearest))


def _letters(text: str) -> str:
    return "".join(ch for ch in text if ch.isalnum())


def test_sanitise_takes_out_what_no_template_of_ours_holds() -> None:
    dirty = '<form><input><p onclick="x()" style="a" data-x="1" id="i">ok<script>alert(1)</script>'
    assert sanitise(dirty + '<iframe src="x">') == '<p data-x="1">ok</p>'


def test_a_very_long_line_is_shown_whole() -> None:
    article = Article("a", "t", "x" * 100_000)
    assert "x" * 100_000 in article_html(article, [Span(99_990, 100_050)]).replace(
        '<mark class="focus" data-span="99990-100000">', ""
    )


# --- properties --------------------------------------------------------------------------------

anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
spans = st.lists(
    st.tuples(st.integers(0, 130), st.integers(1, 40)).map(lambda p: Span(p[0], p[0] + p[1])), max_size=4
)


@settings(deadline=None)
@given(anything, spans)
def test_an_article_shows_all_its_words_and_marks_exactly_its_spans(text: str, lit: list[Span]) -> None:
    article = Article("a", "", text)
    outline = Outline(article_html(article, lit))
    assert_inert(article_html(article, lit))
    body = outline.text.split("Untitled", 1)[1]
    assert _letters(body) == _letters(text)
    wanted = {i for span in lit for i in range(span.start, min(span.end, len(text)))}
    assert sum(map(len, map(_letters, outline.marks))) == sum(text[i].isalnum() for i in wanted)


@settings(deadline=None)
@given(spans, st.integers(1, 130))
def test_lit_spans_are_disjoint_and_the_first_is_whole(lit: list[Span], length: int) -> None:
    focus, out = lit_spans(lit, length)
    assert out == sorted(out)
    assert all(a.end <= b.start for a, b in pairwise(out))
    inside = [span for span in lit if span.start < length]
    assert (focus is None) == (not inside)
    if focus:
        assert focus == Span(inside[0].start, min(inside[0].end, length)) and focus in out


@settings(deadline=None)
@given(st.lists(st.tuples(anything, st.integers(1, 99)), min_size=1, max_size=4))
def test_every_marker_becomes_a_button_and_no_word_is_lost(parts: list[tuple[str, int]]) -> None:
    text, citations = "", []
    for words, n in parts:
        text += words
        marker = f"[{n}]"
        citations.append(Citation(n, HEAD, "p", Span(0, 3), "The", Span(len(text), len(text) + len(marker))))
        text += marker
    html = answer_html(Answer("q", text, text, tuple(citations)))
    assert_inert(html)
    assert html.count('class="marker"') == len(parts)
    assert _letters(Outline(html).text).startswith(_letters(text))


@settings(deadline=None)
@given(anything)
def test_markdown_shows_exactly_the_words(text: str) -> None:
    from markdown_it import MarkdownIt

    line = " ".join(text.split())
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown_text(line))
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    inner = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inner} <= {"text", "text_special", "softbreak"}
    assert "".join(child.content for child in inner).split() == line.replace("\0", "\ufffd").split()


@settings(deadline=None)
@given(anything, anything)
def test_an_answer_in_markdown_is_paragraphs_and_one_list(words: str, title: str) -> None:
    from markdown_it import MarkdownIt

    of = ArticleHead("a", title, title, None, "https://x.example/a_b_c*d*")
    answer = cited(f"{words} [1]", (of, Span(0, 3), words)) if "[1]" not in words else ANSWER
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(answer_markdown(answer))
    kinds = {child.type for token in tokens for child in token.children or []}
    assert kinds <= {"text", "text_special", "softbreak", "link_open", "link_close"}
    assert {token.tag for token in tokens} <= {"p", "ul", "li", ""}
    links = [c.attrs["href"] for t in tokens for c in t.children or [] if c.type == "link_open"]
    assert set(links) <= {of.url, HEAD.url}


def test_only_a_very_long_headline_is_shown_small() -> None:
    long = replace(ARTICLE, title="w" * (LONG_CHARS + 1))
    assert '<h2 class="long" dir="auto">w' in article_html(long)
    assert '<h2 dir="auto">' in article_html(ARTICLE)

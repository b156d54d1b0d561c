"""Written answers as people see them: each sentence's state, growing, stopped, broken off, in vain."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import ArticleHead, Hit, Passage, Span
from rag.render.answer import answer_html, copies_of, growing_html
from rag.render.markdown import answer_markdown
from rag.render.marker import PREVIEW_CHARS, preview_words
from rag.types import Answer, Citation, Claim, Support

HEAD = ArticleHead(
    "a1", "Harbour to open", "Test Gazette", date(2021, 5, 3), "https://gazette.example/harbour"
)
OTHER = ArticleHead("a2", "Council votes", "Second Post")
PROBLEM = "openai:tiny said nothing for 60 s: try again"
Said = tuple[str, Support, str]
WRITTEN: tuple[Said, ...] = (
    ("“We have waited nine years,” she said.", "verbatim", ""),
    ("The council backed her.", "supported", ""),
    ("It cost 64 million.", "unsupported", "the number 64 is not in the source"),
)
HOSTILE = (
    "<script>alert(1)</script>",
    "</s></span></p></div><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" data-article="a9',
    "[click](javascript:alert(1)) ~~struck~~ **bold** <http://x.example>",
    "[1][1][1][2]" * 50,
    "x" * 20_000,
    "\u202eright to left\u0000\u2028",
)


def written(said: tuple[Said, ...], tail: str = "", **more: object) -> Answer:
    """An answer of checked sentences, each citing one article, then words that are not checked."""
    text, citations, claims = "", [], []
    for n, (words, support, reason) in enumerate(said, start=1):
        text += " " if text else ""
        claims.append(Claim(Span(len(text), len(text) + len(words)), support, 0.9, reason))
        text += f"{words} [{n}]"
        head, at = (HEAD, OTHER)[n % 2 == 0], Span(len(text) - len(f"[{n}]"), len(text))
        citations.append(Citation(n, head, f"p-{head.id}", Span(n, n + 3), "The", at, support))
    text += (" " if text and tail else "") + tail
    hits = tuple(Hit(Passage(f"p-{h.id}", h.id, Span(0, 9), "A passage"), h, 1.0) for h in (HEAD, OTHER))
    trace = {"query": "When?", "llm": "openai:tiny"}
    made = Answer("When?", text, text, tuple(citations), hits, trace=trace, claims=tuple(claims))
    return replace(made, **more)  # type: ignore[arg-type]


class Words(HTMLParser):
    """The text inside `.said`, without what is said about it; the classes and tags that occur."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.classes, self.tags = "", set[str](), set[str]()
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = dict(attrs).get("class") or ""
        self.tags.add(tag)
        self.classes.update(kind.split())
        self._open.append(kind)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        inside = any(kind.startswith("said") for kind in self._open)
        if inside and not {"unseen", "doubt"} & set(self._open):
            self.text += data


def words(html: str) -> str:
    """The answer's words as shown, white space made equal."""
    return " ".join(Words(html).text.split())


def test_written_answer_golden(golden: Callable[[str, str], None]) -> None:
    said = answer_html(written(WRITTEN, "The ferry"))
    golden("written.html", re.sub(r"(</(?:p|li|h4|ul|summary|button|div)>)", r"\1\n", said))


def test_broken_off_answer_golden(golden: Callable[[str, str], None]) -> None:
    instead = replace(written(WRITTEN[:1]), trace={"llm": "extractive"})
    broken = written(WRITTEN, "The ferry", problem=PROBLEM, instead=instead)
    golden("broken-off.html", re.sub(r"(</(?:p|li|h4|ul|summary|button|div)>)", r"\1\n", answer_html(broken)))
    golden("broken-off.md", answer_markdown(broken))


def test_each_state_is_told_by_more_than_colour() -> None:
    html = answer_html(written(WRITTEN))
    assert '<s>It cost 64 </s><span class="keep"><s>million.</s>' in html
    assert '<span class="unseen">Not borne out by its source: </span>' in html
    assert '<span class="doubt">not borne out: the number 64 is not in the source</span>' in html
    assert 'class="marker reworded"' in html and "; reworded" in html and "reworded, borne out" in html
    assert "not borne out by the source" not in html  # the reason says it


def test_every_state_is_told_with_how_many_sentences_are_in_it() -> None:
    html = answer_html(written(WRITTEN[:1]))
    assert "1 sentence in an article’s own words" in html and "reworded" not in html
    assert "Written by openai:tiny, checked against the articles." in html
    html = answer_html(written((*WRITTEN, WRITTEN[1])))
    assert "2 sentences reworded, borne out by what is cited" in html and "1 sentence not borne out" in html


def test_what_stands_in_brackets_is_told_to_be_added_where_the_article_has_none() -> None:
    added = written((("“We wait,” she [Ada Okoye] said.", "verbatim", ""),))
    assert "own words; what stands in [brackets] is added" in answer_html(added)
    own = replace(
        added, citations=(replace(added.citations[0], evidence="“We wait,” she [Ada Okoye] said."),)
    )
    assert "brackets" not in answer_html(own)


def test_a_marker_carries_what_its_preview_shows() -> None:
    html = answer_html(written(WRITTEN[:1]))
    assert 'data-place="Test Gazette, 3 May 2021" data-headline="Harbour to open" data-words="The"' in html
    long = replace(written(WRITTEN[:1]).citations[0], evidence="word " * 500)
    assert len(preview_words(long)) <= PREVIEW_CHARS + 2 and preview_words(long).endswith("word …")
    assert "told" not in answer_html(replace(written(WRITTEN[:1]), trace={"llm": "extractive"}))


def test_an_answer_without_claims_is_shown_as_it_is() -> None:
    plain = answer_html(replace(written(WRITTEN), claims=(), trace={}))
    assert not {"claim", "unchecked", "legend", "told"} & Words(plain).classes
    assert plain.count("not borne out by the source") == 1  # its citation says so


def test_only_the_first_of_many_markers_holds_the_last_word() -> None:
    text = "It opened. " + "[1]" * 30
    citations = tuple(Citation(1, HEAD, "p", Span(0, 3), "The", Span(i, i + 3)) for i in range(11, 101, 3))
    html = answer_html(Answer("q", text, text, citations, claims=(Claim(Span(0, 10), "supported"),)))
    assert html.count("<button") == 30 + html.count('class="card"') and html.count('class="keep"') == 1


# --- growing, stopped, broken off --------------------------------------------------------------


def test_before_the_first_word_the_passages_are_shown() -> None:
    html = growing_html(written((), done=False))
    assert "Reading 2 passages of 2 articles" in html and html.count('class="card"') == 2
    assert 'aria-busy="true"' in html and 'role="status"' in html


def test_cards_keep_their_places_while_an_answer_grows() -> None:
    grown = [growing_html(written(WRITTEN[:n], done=False)) for n in range(4)]
    cards = [
        re.findall(r'data-article="(\w+)" data-spans="[^"]*"><span class="number">', html) for html in grown
    ]
    assert cards == [["a1", "a2"]] * 4
    assert '<span class="number">1, 3</span>' in grown[-1]


def test_words_that_wait_for_their_check_are_marked_only_when_nothing_more_comes() -> None:
    growing = written(WRITTEN[:1], "The council", done=False)
    assert 'class="checking"' in growing_html(growing) and "Not checked" not in growing_html(growing)
    stopped = answer_html(growing)
    assert '<span class="unchecked"><span class="unseen">Not checked: </span>The council</span>' in stopped
    assert "Stopped. Written by" in stopped and "were not checked." in stopped


def test_stopped_before_a_word_came() -> None:
    assert "Stopped before anything was written." in answer_html(written((), done=False))


def test_a_problem_keeps_what_was_shown_and_offers_the_other_answer() -> None:
    instead = written(WRITTEN[:1])
    html = answer_html(written(WRITTEN[1:2], problem=PROBLEM, instead=instead))
    assert "The council backed her." in words(html) and PROBLEM in html
    assert '<details class="instead"><summary>' in html
    assert 'data-article="a1" data-spans="1-4"' in html.split("<details", 1)[1]
    alone = answer_html(written((), problem=PROBLEM, instead=instead))
    assert '<details class="instead" open="">' in alone
    told = replace(instead, text="No.", citations=(), claims=(), abstained=True)
    assert 'class="abstained"' in answer_html(written((), problem=PROBLEM, instead=told))


@pytest.mark.parametrize("abstained", [True, False])
def test_what_was_written_in_vain_is_folded_and_struck(abstained: bool) -> None:
    trace = {"llm": "openai:tiny", "unborne": "All <b>well</b>.\n\nTrust me. [1]"}
    html = answer_html(replace(written(WRITTEN[:1]), abstained=abstained, trace=trace))
    assert '<details class="unborne"><summary>' in html and "<b>" not in html
    assert "<s>All &lt;b&gt;well&lt;/b&gt;.</s>" in html and "<s>Trust me. [1]</s>" in html
    assert "checked against" not in html and "Written by openai:tiny." in html


def test_copies_in_any_answer() -> None:
    hit = Hit(Passage("p", "a1", Span(0, 9), "A passage"), HEAD, 1.0, copies=(OTHER,))
    assert copies_of([written(()), replace(written(()), hits=(hit,))], "a1") == (OTHER,)


def test_markdown_tells_it_in_words() -> None:
    told = answer_markdown(written(WRITTEN, problem="it *broke*", instead=written(WRITTEN[:1])))
    assert "It cost 64 million. \\[3\\] (not borne out: the number 64 is not in the source)" in told
    assert "The model did not finish: it \\*broke\\*" in told and "From the articles themselves:" in told
    assert "Written by openai:tiny, checked against the articles." in told
    vain = replace(written(()), text="No.", abstained=True, trace={"unborne": "~~All~~ well."})
    assert "do not bear out: \\~\\~All\\~\\~ well." in answer_markdown(vain)


# --- properties --------------------------------------------------------------------------------

anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
sentences = st.lists(
    st.tuples(anything, st.sampled_from(["verbatim", "supported", "unsupported"]), anything), max_size=4
)


def assert_inert(html: str) -> None:
    seen = Words(html)
    assert seen.tags <= {
        *("div", "p", "span", "ul", "li", "button", "details", "summary", "s", "time", "em", "h4")
    }
    assert "onerror=" not in re.sub(r">[^<]*<", "><", html) and "href" not in re.sub(r">[^<]*<", "><", html)


@settings(deadline=None)
@given(sentences, anything)
def test_a_growing_answer_takes_back_no_word(said: list[Said], tail: str) -> None:
    steps = []
    for n, (sentence, _, _) in enumerate(said):
        cut = [sentence[: len(sentence) // 2], sentence]
        steps += [written(tuple(said[:n]), part.strip(), done=False) for part in cut if part.strip()]
        steps.append(written(tuple(said[: n + 1]), done=False))
    steps.append(written(tuple(said), tail.strip(), done=False))
    shown = [growing_html(one) for one in steps]
    for before, after in pairwise(shown):
        assert letters(after).startswith(letters(before))
    assert letters(answer_html(replace(steps[-1], done=True))) == letters(shown[-1])
    for html in shown:
        assert_inert(html)


def letters(html: str) -> str:
    """Letters and digits of the answer as shown."""
    return "".join(ch for ch in Words(html).text if ch.isalnum())


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_model_writes_only_words(hostile: str) -> None:
    said: tuple[Said, ...] = ((hostile, "unsupported", hostile), (hostile, "supported", ""))
    vain = {"llm": hostile, "query": hostile, "unborne": hostile}
    answers = [
        written(said, hostile, problem=hostile, instead=written(said)),
        replace(written(said), trace=vain),
        replace(written(said), text=hostile, citations=(), claims=(), abstained=True, trace=vain),
    ]
    for answer in answers:
        assert_inert(answer_html(answer))
        assert_inert(growing_html(replace(answer, done=False)))
    told = "".join(ch for ch in hostile if ch.isalnum())
    assert told in letters(answer_html(answers[0]))

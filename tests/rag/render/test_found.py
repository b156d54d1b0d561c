"""The drawer under an answer: what people read in it, and that nothing of an article acts in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from index.types import ArticleHead, Hit, Passage, Span
from rag.render.acts import acts_html, followups_html
from rag.render.found import found_html
from rag.types import Answer

HEAD = ArticleHead("a1", "Harbour to open", "Test Gazette", date(2021, 5, 3))
OTHER = ArticleHead("a2", "<b>Council</b> votes", "Second <i>Post")
HITS = (
    Hit(
        Passage("p1", "a1", Span(0, 9), "A passage"),
        HEAD,
        1.2344,
        {"dense": 0.51, "lexical": 4.2, "date": 1.01},
    ),
    Hit(Passage("p2", "a2", Span(3, 12), "Another one"), OTHER, 0.9, {"dense": 0.62}),
)
TRACE = {
    "query": "When does the harbour open?",
    "asked": "2021-05-04",
    "top_k": 10,
    "read": [1],
    "abstain": "strict",
    "llm": "openai:tiny",
    "prompt": "answer.v1@1a2b3c",
    "confidence": 0.912,
    "threshold": 0.67,
    "missing": "",
    "milliseconds": {"rewrite": 12.3, "total": 1234.5, "choose": 0.02, "search": 40.0, "write": 1100.0},
}
ANSWER = Answer("When?", "In June.", "", hits=HITS, trace=TRACE)


def test_the_drawer_reads_as_agreed(golden: Callable[[str, str], None]) -> None:
    html = found_html(ANSWER, "Test Gazette")
    golden("found.html", re.sub(r"(</(?:p|tr|table|thead|caption|summary)>)", r"\1\n", html))


def test_stages_come_in_order_with_the_sum_last() -> None:
    times = re.search(r"Time</th><td dir=\"auto\">(.*?)</td>", found_html(ANSWER))
    assert times
    assert times[1] == "reading the question 12 ms, searching 40 ms, writing 1,100 ms, in all 1,234 ms"


def test_each_ranking_tells_the_place_among_the_passages_shown() -> None:
    html = found_html(ANSWER)
    told = re.findall(r'<span class="kind">(.*?)</span> (.*?)</td>', html)
    first, second = told[:4], told[4:]
    assert first[1:] == [("By meaning", "0.51 (2)"), ("By words", "4.20 (1)"), ("By date", "×1.010")]
    assert second[1:] == [("By meaning", "0.62 (1)"), ("By words", "–"), ("By date", "×1.000")]
    assert '<th scope="col">By words</th>' not in found_html(replace(ANSWER, hits=HITS[1:]))


def test_which_passages_were_read_is_told_where_it_was_noted() -> None:
    html = found_html(ANSWER)
    assert "1 of 2, for the answer" in html and html.count('class="read"') == 1
    assert html.index('class="read"') < html.index("&lt;b&gt;Council")
    everything = found_html(replace(ANSWER, trace=TRACE | {"read": [1, 2]}))
    assert "all of them, for the answer" in everything and everything.count('class="read"') == 2
    older = found_html(replace(ANSWER, trace={name: TRACE[name] for name in TRACE if name != "read"}))
    assert "Passages read" not in older and 'class="read"' not in older


def test_an_answer_without_a_trace_tells_nothing() -> None:
    assert found_html(Answer("When?", "In June.", "")) == ""
    bare = found_html(Answer("When?", "In June.", "", trace={"query": "<img src=x>"}))
    assert "&lt;img src=x&gt;" in bare and "no day: none is preferred" in bare and "Confidence" not in bare


def test_nothing_of_an_article_acts() -> None:
    html = found_html(ANSWER) + followups_html(['What did "X" <b>say</b>?'], 1, "<i>?") + acts_html()
    assert "<b>" not in html and "<i>" not in html and "&lt;b&gt;Council" in html
    assert 'data-ask="What did &quot;X&quot; &lt;b&gt;say&lt;/b&gt;?"' in html
    assert 'data-turns="1" data-question="&lt;i&gt;?"' in html and followups_html([], 1, "One?") == ""

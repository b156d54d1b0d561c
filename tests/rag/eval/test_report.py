"""The report: whole, self-contained, escaped, small; what it tells is what the run holds."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import Span
from rag.eval.report import report_html
from rag.eval.types import Metric, Place, Question, Row, Shown
from rag.types import Claim, Turn

HOSTILE = (
    "</script><script>window.__pwned=1</script><img src=x onerror=\"window.__pwned='i'\"> ' & </details> "
    "\x00 \x1b[31m \ud800 \u202egnp.exe שלום {{7*7}} ${1} javascript:alert(1)"
)
VOID = {"meta", "link", "br", "input", "img", "wbr"}


class Parsed(HTMLParser):
    """The page's elements with their attributes, and its text; notes tags that do not close rightly."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.wrong: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.wrong += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str, kind: str = "") -> list[dict[str, str | None]]:
        """The attributes of all elements of a name, and of a class if one is given."""
        named = (attrs for name, attrs in self.elements if name == tag)
        return [attrs for attrs in named if not kind or kind in (attrs.get("class") or "").split()]


def hostile_row(lake: Any, text: str) -> Row:
    """A row that holds `text` wherever a row can hold text."""
    question = Question(
        text,
        text,
        answers=((text,),),
        evidence=lake.question("q", "q").evidence,
        history=(Turn("user", text),),
        tags=(text,),
        choices=(text, text),
        references=(text,),
        assertions=(text,),
    )
    span = Span(0, max(1, len(text)))
    piece = Shown(text, span, text, text, text, score=1.0, support=text)
    return Row(
        question,
        text,
        text,
        False,
        0.5,
        citations=(piece,),
        hits=(piece, piece),
        places=(Place(text, span, text), Place(text, None)),
        ranked=(text,),
        claims=(Claim(span, "unsupported", 0.5, text), Claim(span, "supported", 0.5, text)),
        trace={"threshold": 0.4, "raw": text, "llm": text, "problem": text},
        scores={"answer_match": 0.0, text: 1.0},
    )


def hostile_run(lake: Any, text: str) -> Any:
    metric = {"answer_match": Metric(0.5, 0.4, 0.6, 3), text: Metric(0.5, 0.4, 0.6, 3)}
    return lake.run(
        [hostile_row(lake, text), replace(hostile_row(lake, text), abstained=True)] * 6,
        suite=text,
        commit=text,
        settings={text: {text: text}},
        metrics=metric,
        tags={text: metric},
        latency={text: {"p50": 1.0, "p95": 2.0}},
    )


def test_the_page_reads_as_it_did(lake: Any, golden: Callable[[str, str], None]) -> None:
    # Fixed numbers: what a bootstrap draws is not what this looks at.
    metrics = {"answer_match": Metric(0.2, 0.0, 0.6, 5), "answer_words": Metric(8.0, 7.0, 9.0, 4)}
    html = report_html(lake.run(metrics=metrics, tags={"winter": metrics}))
    bare = re.sub(r"<style>.*?</style>|<script>.*?</script>|'sha256-[^']+'", "", html, flags=re.DOTALL)
    golden("report.html", re.sub(r"(?=<(?:section|details|h[1-4]|tr|li|figure|p|div)\b)", "\n", bare))


def test_everything_opened_is_closed(lake: Any) -> None:
    assert not Parsed(report_html(lake.run())).wrong


def test_the_page_needs_nothing_from_outside(lake: Any) -> None:
    html = report_html(lake.run())
    parsed = Parsed(html)
    reaching = {"src", "srcset", "action", "formaction", "data", "poster", "ping", "background"}
    assert not [one for one in parsed.elements if reaching & one[1].keys()]
    assert all((link["href"] or "").startswith("#") for link in parsed.all("a"))
    assert "url(" not in html and "@import" not in html and not parsed.all("link")


def test_only_our_own_style_and_script_may_take_effect(lake: Any) -> None:
    html = report_html(lake.run())
    (policy,) = [m["content"] or "" for m in Parsed(html).all("meta") if "http-equiv" in m]
    for tag in ("style", "script"):
        ((inside),) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, flags=re.DOTALL)
        digest = b64encode(sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy
    assert not [attrs for _, attrs in Parsed(html).elements if "style" in attrs]
    assert not re.search(r"<[^>]+\son\w+=", html.split("<script>")[0])


def test_every_row_is_there_failures_first(lake: Any) -> None:
    parsed = Parsed(report_html(lake.run()))
    assert len(parsed.all("details", "row")) == len(lake.rows())
    kinds = [attrs["data-kind"] for attrs in parsed.all("section", "kind")]
    assert kinds[:3] == ["error", "false-answer", "wrong-sentence"] and kinds[-1] == "unjudged"
    failed = ["failed" in (attrs["class"] or "").split() for attrs in parsed.all("section", "kind")]
    assert failed == sorted(failed, reverse=True)
    assert {f"#{attrs['id']}" for attrs in parsed.all("section", "kind")} == {
        attrs["href"] for attrs in parsed.all("a") if "data-kind" in attrs
    }


def test_without_scripts_nothing_is_hidden_but_the_filters(lake: Any) -> None:
    hidden = [
        (tag, attrs.get("class"))
        for tag, attrs in Parsed(report_html(lake.run())).elements
        if "hidden" in attrs
    ]
    assert hidden == [("form", "controls"), ("p", "none")]


def test_what_a_failure_needs_is_shown(lake: Any) -> None:
    html = report_html(lake.run())
    assert "Is the lake frozen?" in html and "20 January 2021" in html
    assert "The lake froze on <mark>Monday</mark>, warden Ines Falk said." in html
    assert "<u>The lake froze on </u><u><mark>Monday</mark></u><u>, warden Ines Falk said.</u>" in html
    assert "<b>Kept back</b> On Monday, she said." in html
    assert "the back-end hung up" in html and "On which day did the lake freeze?" in html
    assert "The articles do not tell, yet an answer was given." in html


def test_a_written_answer_is_shown_as_checked_and_as_written(lake: Any) -> None:
    page = Parsed(html := report_html(lake.run([lake.written()])))
    text = " ".join("".join(page.text).split())
    assert html.count("<s>Divers measured it.</s>") == 1
    assert "‘Divers’ is not in the source" in text and "supported 0.910" in text
    assert "As the model wrote it The lake froze on Monday [1]. Divers" in text
    assert "Moving" not in text and "Two ways to be wrong" not in text, "a model decides for itself"
    assert "Checked" not in "".join(Parsed(report_html(lake.run())).text)


def test_the_model_and_its_prompt_are_named(lake: Any) -> None:
    settings = {"answer": {"llm": "maker:model"}, "prompt": "answer.v1@01234567"}
    assert "maker:model, prompt answer.v1@01234567" in report_html(lake.run(settings=settings))
    assert ", prompt " not in report_html(lake.run())


def test_the_times_of_a_model_are_explained(lake: Any) -> None:
    times = {name: {"p50": 10.0, "p95": 20.0} for name in ("first", "write", "per_token", "total")}
    assert "first: from asking the model to its first word" in report_html(lake.run(latency=times))
    assert "first: from asking" not in report_html(lake.run())


def test_published_numbers_stand_beside_ours_with_their_conditions(lake: Any) -> None:
    metrics = {"answer_match": Metric(0.5, 0.4, 0.6, 456), "hit@1": Metric(0.7, 0.6, 0.8, 144)}
    run = lake.run(suite="news-2022", metrics=metrics, tags={"answer-in-retrieved": metrics})
    html = report_html(run)
    assert "<span>GPT-3 + Google</span> <b>0.432</b>" in html and "<b>0.591</b>" in html
    assert "Published for groups" in html and "Conditions and sources" in html
    parsed = Parsed(html)
    ids = {attrs["id"] for _, attrs in parsed.elements if "id" in attrs}
    assert {link["href"] for link in parsed.all("a")} <= {f"#{name}" for name in ids}
    assert "Published" not in "".join(re.findall(r"<h3>[^<]+", report_html(lake.run())))


def test_of_a_rate_that_should_be_low_the_lowest_comes_first(lake: Any) -> None:
    run = lake.run(suite="rgb-refusal", metrics={"false_answer_rate": Metric(0.3, 0.2, 0.4, 149)})
    values = re.findall(r"<b>(0\.\d{3})</b><a", report_html(run).partition("false_answer_rate")[2])[:6]
    assert values == sorted(values) and values[0] == "0.550"


def test_the_curves_mark_where_the_run_stands(lake: Any) -> None:
    some = [
        lake.row(
            lake.question(f"q{i}", "When?"), "W.", confidence=i / 20, scores={"answer_match": float(i > 9)}
        )
        for i in range(20)
    ]
    html = report_html(lake.run(some))
    assert "this run: 60 % answered, 83 % of them right" in html
    assert 'class="dot here"' in html and 'class="upright"' in html
    assert "Answered and right" in html and "Is confidence true?" in html and "Said nothing" in html


def test_a_run_without_confidence_has_only_its_times(lake: Any) -> None:
    html = report_html(lake.run([replace(one, confidence=None) for one in lake.rows()]))
    assert html.count("<figure>") == 1 and "Time by stage" in html


def test_an_empty_run_is_told_as_such(lake: Any) -> None:
    html = report_html(lake.run([], latency={}))
    assert "Nothing was measured." in html and "0 questions" in html and not Parsed(html).wrong


def test_hostile_text_stays_text(lake: Any) -> None:
    html = report_html(hostile_run(lake, HOSTILE))
    parsed = Parsed(html)
    assert not parsed.wrong and len(parsed.all("script")) == 1 and not parsed.all("img")
    assert not [name for _, attrs in parsed.elements for name in attrs if name.startswith("on")]
    html.encode("utf-8")
    assert not re.search("[\x00\x1b\ud800]", html)
    assert "window.__pwned=1" in "".join(parsed.text)


@settings(max_examples=25)
@given(text=st.text(max_size=40))
def test_any_text_leaves_the_page_whole(lake: Any, text: str) -> None:
    html = report_html(hostile_run(lake, text))
    html.encode("utf-8")
    assert not Parsed(html).wrong


@given(text=st.text("<>\"'&/=! -scriptaln", min_size=1, max_size=60))
@settings(max_examples=40)
def test_no_text_becomes_an_element(lake: Any, text: str) -> None:
    def skeleton(words: str) -> list[tuple[str, tuple[str, ...]]]:
        elements = Parsed(report_html(hostile_run(lake, words))).elements
        return [(tag, tuple(attrs)) for tag, attrs in elements if tag not in ("mark", "u", "bdi", "wbr")]

    assert len(Parsed(report_html(hostile_run(lake, text))).all("script")) == 1
    assert {tag for tag, _ in skeleton(text)} <= {tag for tag, _ in skeleton("word")} | {
        "p",
        "li",
        "ul",
        "div",
    }


def test_text_from_right_to_left_keeps_to_itself(lake: Any) -> None:
    html = report_html(hostile_run(lake, "مرحبا"))
    assert '<span class="q" dir="auto">مرحبا</span>' in html and "<bdi>مرحبا</bdi>" in html


def test_numbers_that_are_none_are_shown_as_a_dash(lake: Any) -> None:
    broken = Metric(float("nan"), float("nan"), float("inf"), 1)
    html = report_html(lake.run(metrics={"odd_metric": broken}, tags={}))
    assert '<td class="number value">–</td>' in html
    assert not Parsed(html).all("svg", "strip") and not re.search(
        r"\b(?:nan|inf)\b", html.split("<script>")[0]
    )


def test_five_hundred_questions_stay_under_three_megabytes(lake: Any) -> None:
    long = Shown(
        "a", Span(0, 1800), "Words of an article & “more” of it. " * 50, "A headline of usual length", "W"
    )
    one = replace(
        lake.rows()[2], hits=(long,) * 10, citations=(long,) * 2, answer="word " * 60, said="word " * 60
    )
    size = len(report_html(lake.run([one] * 500)).encode("utf-8"))
    assert size < 3_000_000


@pytest.mark.parametrize("name", ["report.css", "report.js"])
def test_style_and_script_cannot_end_their_element(name: str) -> None:
    assert "</" not in (files("rag.eval") / name).read_text(encoding="utf-8")


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("place", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back"),
    [
        *(("ink", "paper"), ("quiet", "paper"), ("accent", "paper"), ("good", "paper"), ("bad", "paper")),
        *(
            ("paper", "accent"),
            ("lit-ink", "lit"),
            ("ink", "card"),
            ("quiet", "card"),
            ("ink", "accent-soft"),
        ),
    ],
)
def test_words_stand_out_from_what_is_behind_them(place: int, front: str, back: str) -> None:
    style = (files("rag.eval") / "report.css").read_text(encoding="utf-8")
    colours = [re.findall(rf"--{name}: (#[0-9a-f]{{6}})", style)[place] for name in (front, back)]
    dark, bright = sorted(_luminance(colour) for colour in colours)
    assert (bright + 0.05) / (dark + 0.05) >= 4.5

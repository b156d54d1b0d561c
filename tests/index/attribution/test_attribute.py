"""Who said what, with the real weights, in small articles of our own."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.attribution.attribute import attribute
from index.attribution.beside import name_source, set_apart
from index.attribution.marks import quotations
from index.attribution.report import Report
from index.attribution.tagger import FEATURES, WINDOW, Tagger, cut_windows
from index.attribution.tidy import tidy
from index.sentences import sentences
from index.types import Article, Attribution, Span

FERRY = """\
Lenna Mayor Mira Halden said on Tuesday that the ferry to Ostwick would stop in June.

“It carries eleven people a day,” she told the council. “We cannot pay for that any longer.”

Jonas Brandt, who leads the fishermen’s union, called the decision “a blow to both towns”.

According to the Ostwick Transport Office, a bus will run six times a day.

The union announced a protest, and Brandt wrote in a letter: “The bus will not carry our nets.

“It will not carry our fish either.”
"""


@pytest.fixture(scope="module")
def told() -> list[Attribution]:
    return attribute(Article("ferry", "Ferry to Ostwick will stop", FERRY))


def words(one: Attribution) -> str:
    return " … ".join(span.of(FERRY) for span in one.content)


def saying(told: list[Attribution], part: str) -> Attribution:
    (found,) = [one for one in told if part in words(one)]
    return found


@pytest.mark.parametrize(
    ("part", "speaker", "quoted"),
    [
        ("the ferry to Ostwick would stop", "Mira Halden", False),
        ("eleven people a day", "Mira Halden", True),
        ("a blow to both towns", "Jonas Brandt", False),
        ("a bus will run six times", "Ostwick Transport Office", False),
        ("will not carry our nets", "Jonas Brandt", True),
    ],
)
def test_who_said_it(told: list[Attribution], part: str, speaker: str, quoted: bool) -> None:
    one = saying(told, part)
    assert (one.speaker, one.quoted) == (speaker, quoted)


def test_broken_and_long_quotations_are_one(told: list[Attribution]) -> None:
    assert "We cannot pay for that" in words(saying(told, "eleven people"))
    assert "our fish either" in words(saying(told, "our nets"))


def test_a_notice_that_is_read_out_goes_on_as_one() -> None:
    text = (
        "The Ostwick harbour office told boats to stay away, saying: “The pier is shut for a week,” read the "
        "notice. “Boats go from the old quay until then.”"
    )
    (found,) = [one for one in attribute(Article("pier", "Pier", text)) if one.quoted]
    assert [span.of(text)[:10] for span in found.content] == ["“The pier ", "“Boats go "]
    assert found.speaker == "Ostwick harbour office"


def test_spans_are_of_the_text_and_share_nothing(told: list[Attribution]) -> None:
    content = [span for one in told for span in one.content]
    assert content == sorted(content)
    assert all(a.end <= b.start for a, b in pairwise(content))
    for one in told:
        assert one.article_id == "ferry"
        assert all(
            span.end <= len(FERRY) and span.of(FERRY).strip() == span.of(FERRY) for span in one.content
        )


def test_the_same_article_is_read_the_same_way(told: list[Attribution]) -> None:
    assert attribute(Article("ferry", "Another headline", FERRY)) == told


@pytest.mark.parametrize(
    "text", ["", " \n ", "No.", "“", "\x00\ufffd", "\u202e“said”", "a" * 5_000, "“Yes,” " * 400]
)
def test_odd_texts_do_no_harm(text: str) -> None:
    for one in attribute(Article("odd", "", text)):
        assert all(span.end <= len(text) for span in one.content + one.source + one.cue)


PIECES = st.sampled_from(
    [
        "He said",
        " “we go,” ",
        "\n\n",
        "Mira Halden",
        " told the paper",
        "“",
        "”",
        ". ",
        " that it rains",
        ", ",
        " said. ",
    ]
)


@settings(max_examples=25, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_whatever_the_text_spans_hold(text: str) -> None:
    content = [span for one in attribute(Article("x", "", text)) for span in one.content]
    assert all(0 <= span.start < span.end <= len(text) for span in content)
    ordered = sorted(content)
    assert all(a.end <= b.start for a, b in pairwise(ordered))


def test_windows_hold_every_word_once() -> None:
    text = (FERRY * 12).strip()
    tokenizer = Tagger()._tokenizer
    windows = cut_windows(text, sentences(text), tokenizer)
    places = [place for window in windows for place in window.spans]
    assert len(windows) > 1
    assert all(len(window.ids) == len(window.spans) + 2 <= WINDOW for window in windows)
    assert all(window.features.shape == (len(window.ids), 3) for window in windows)
    assert all(int(window.features.max()) < FEATURES for window in windows)
    covered = np.zeros(len(text), dtype=int)
    for start, end in places:
        covered[start:end] += 1
    assert covered.max() == 1
    assert all(covered[i] for i, char in enumerate(text) if char.isalnum())


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("“We go,” said the old captain. Then it rained.", "the old captain", "said"),
        ("“We go,” Ada Lund said. Then it rained.", "Ada Lund", "said"),
        ("“We go,” wrote Ada Lund on Friday.", "Ada Lund", "wrote"),
        ("Ada Lund said on Friday: “We go.”", "Ada Lund", "said"),
        ("It rained. “We go.” Then it rained again.", None, None),
    ],
)
def test_what_stands_beside_a_quotation(text: str, source: str | None, cue: str | None) -> None:
    report = Report([quotations(text)[0].span])
    name_source(text, report)
    assert (report.source and report.source.of(text), report.cue and report.cue.of(text)) == (source, cue)


def test_a_quotation_passed_on_is_of_the_one_it_names() -> None:
    text = "Ada Lund turned it down, according to the Courier, telling a reporter, “We will never go there.”"
    start, end = text.index("according to"), text.index("telling")
    report = Report(
        [Span(0, start - 2), Span(end, len(text))], Span(start, start + 12), Span(start + 13, end - 2)
    )
    outer, inner = set_apart(text, report, quotations(text))
    assert inner.source is not None and inner.source.of(text) == "Ada Lund"
    assert inner.content[0].of(text) == "“We will never go there.”"
    assert all(not one.overlaps(inner.content[0]) for one in outer.content)


def tidied(text: str, *parts: str) -> list[list[str]]:
    """The contents after tidying a report of these parts of a text."""
    content = [Span(text.index(part), text.index(part) + len(part)) for part in parts]
    return [[span.of(text) for span in one.content] for one in tidy(text, Report(content), quotations(text))]


def test_fragments_beside_a_quotation_go() -> None:
    text = "“We will go there by bus,” she said as drivers moved. “It is not far at all.”"
    kept = ["“We will go there by bus,”", "“It is not far at all.”"]
    assert tidied(text, kept[0], "drivers moved", kept[1]) == [kept]


def test_what_follows_a_quotation_is_parted_from_it() -> None:
    text = "“We will go,” adding that the bus would leave at noon from the old harbour in Lenna."
    assert tidied(text, text) == [["“We will go,”"], [text[14:]]]


def test_quoted_words_within_a_report_stay_in_it() -> None:
    text = "that the plan was “a blow to both towns” and would fail"
    assert tidied(text, text) == [[text]]


def test_no_report_runs_over_a_line_break() -> None:
    text = "that the bus leaves at noon\n\nPeople waited"
    assert tidied(text, text) == [["that the bus leaves at noon", "People waited"]]


def test_no_report_ends_with_a_word_that_leads_on() -> None:
    text = "that the bus leaves at noon and"
    assert tidied(text, text) == [["that the bus leaves at noon"]]


def test_turns_of_a_transcript_are_of_whom_they_name() -> None:
    text = "“HALDEN: Will the ferry stop in June?\n\n“BRANDT: We shall see about that."
    told = attribute(Article("turns", "", text))
    assert [(one.source[0].of(text), words) for one in told for words in [one.content[0].of(text)]] == [
        ("HALDEN", "Will the ferry stop in June?"),
        ("BRANDT", "We shall see about that."),
    ]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Berg is clearly “trying to turn the harbour into a fair”, the Courier reports.", "the Courier"),
        ("Berg has been “kept from the quay by the crews,” Tarn News says.", "Tarn News"),
        ("Berg said it was “a harbour for as long as there are fish”, the Courier reports.", "Berg"),
        ("Berg is “the very soul of the harbour”. The Courier reports on fish.", "Berg"),
        ("Berg is “the very soul of the harbour”, told by the crews.", "Berg"),
    ],
)
def test_who_is_told_of_did_not_say_it(text: str, source: str) -> None:
    (quoted,) = quotations(text)
    report = Report([quoted.span], None, Span(0, len("Berg")))
    name_source(text, report)
    assert report.source is not None
    assert report.source.of(text) == source

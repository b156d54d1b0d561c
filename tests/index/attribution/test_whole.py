"""Reported stretches made whole, in sentences of our own; a stretch is given by its words."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.attribution.marks import quotations
from index.attribution.report import Report
from index.attribution.whole import make_whole
from index.types import Span


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def whole(marked: str, cue: str, source: str = "") -> str:
    """A text whose stretches stand in braces with the braces where they are afterwards."""
    text, parts = marked.replace("{", "").replace("}", ""), list[Span]()
    for number, found in enumerate(re.finditer(r"{(.*?)}", marked)):
        start = found.start() - 2 * number
        parts.append(Span(start, start + len(found[1])))
    named = span(text, source) if source else None
    left = make_whole(text, [Report(parts, span(text, cue), named, cued=True)], quotations(text))
    for one in sorted((one for report in left for one in report.content), reverse=True):
        text = f"{text[: one.start]}{{{one.of(text)}}}{text[one.end :]}"
    return text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (  # a word or two between are taken in
            "Lund said {the pier was shut} on {Monday and Tuesday night}.",
            "Lund said {the pier was shut on Monday and Tuesday night}.",
        ),
        (  # so is the end of the sentence
            "Lund said {the crane had been unable} to lift the boat.",
            "Lund said {the crane had been unable to lift the boat}.",
        ),
        (  # and its beginning, where "he said" comes later
            "As soon as {it was}, Lund said, {boats would sail again}.",
            "{As soon as it was}, Lund said, {boats would sail again}.",
        ),
        (
            "{If needed}, Lund said, {more boats could follow}.",
            "{If needed}, Lund said, {more boats could follow}.",
        ),
        (  # words that lead on to what is left out go
            "Lund said {it in the harbour of the} old town that lies behind the hill.",
            "Lund said {it in the harbour} of the old town that lies behind the hill.",
        ),
        (
            "Lund said {on Monday that boats were late}.",
            "Lund said on Monday {that boats were late}.",
        ),
        (
            "Lund said {that boats (}or the one that is left) would wait for spring.",
            "Lund said {that boats} (or the one that is left) would wait for spring.",
        ),
        (  # what somebody else does behind "and"
            "Lund said {that the pier was shut}, and Brandt {ordered three more boats for the old town}.",
            "Lund said {that the pier was shut}, and Brandt ordered three more boats for the old town.",
        ),
        (  # a scrap that stands apart
            "Boats that the town had lent {came back} to the pier where Lund said {that all nets were torn}.",
            "Boats that the town had lent came back to the pier where Lund said {that all nets were torn}.",
        ),
        (  # whole quotations stay as they are, and whom they are told is no part of them
            "Lund said to men {who had come early}, {“The pier is shut.”}",
            "Lund said to men who had come early, {“The pier is shut.”}",
        ),
    ],
)
def test_stretches(before: str, after: str) -> None:
    assert whole(before, "said", "Lund") == after


def test_what_is_according_to_somebody_begins_behind_him() -> None:
    before = "According to Lund boats and {nets are not insured against the storm of last week}."
    after = "According to Lund {boats and nets are not insured against the storm of last week}."
    assert whole(before, "According to", "Lund") == after


@pytest.mark.parametrize(
    ("text", "cue", "source"),
    [
        ("Lund’s way is like that of Brandt{’s in the run-up to it}.", "is", "Lund"),
        ("It recently moved {across the bay}.", "recently", ""),
        ("Boats are still {regarded as safe by the town}.", "are", "Boats"),
        ("A pledge {to mend the pier}.", "pledge", ""),
        ("Lund signed for {Harbour Master Brandt}.", "signed for", "Lund"),
        ("{The mayor proposed} a bridge.", "proposed", ""),
    ],
)
def test_what_nobody_said_goes(text: str, cue: str, source: str) -> None:
    assert "{" not in whole(text, cue, source)


def test_nobody_is_named_in_his_own_words() -> None:
    text = "Demanding that the town build a new pier if it wants the boats to come back."
    content = [span(text, "that the town build a new pier if it wants the boats to come back")]
    report = Report(content, span(text, "Demanding"), span(text, "it"), cued=True)
    (left,) = make_whole(text, [report], [])
    assert left.source is None


def test_what_nothing_reports_goes_on_from_what_it_follows() -> None:
    text = "Lund asked whether the pier is no longer regarded as safe by anybody in the town."
    first = Report([span(text, "whether the pier is no")], span(text, "asked"), span(text, "Lund"), cued=True)
    second = Report([span(text, "regarded as safe by anybody in the town")], span(text, "is"), None)
    (left,) = make_whole(text, [first, second], [])
    assert [one.of(text) for one in left.content] == [text[11:-1]]


WORDS = st.sampled_from(
    ["Lund ", "said ", "that ", "boats, ", "and ", "Brandt ", "sail. ", "“No,” ", "(the ", "\n", "is "]
)
CUTS = st.lists(st.integers(0, 200), min_size=4, max_size=14, unique=True)


@given(st.lists(WORDS, min_size=8, max_size=40).map("".join), CUTS)
def test_whatever_is_given_stretches_hold_and_share_nothing(text: str, cuts: list[int]) -> None:
    edges = sorted({min(cut, len(text)) for cut in cuts})
    spans = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    spans = [one for one in spans if one.of(text).strip()]
    reports = [
        Report([part], cue, None, cued=True) for cue, part in zip(spans[::2], spans[1::2], strict=False)
    ]
    left = [one for report in make_whole(text, reports, quotations(text)) for one in report.content]
    assert left == sorted(left)
    assert all(a.end <= b.start for a, b in pairwise(left))
    assert all(one.end <= len(text) for one in left)

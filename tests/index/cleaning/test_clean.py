from __future__ import annotations

import time
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.cleaning.clean import Cleaned, clean, lines_of
from index.types import Article, Span

TITLE = "Lindholm ferries to sail again after three months"
BODY = (
    "The harbour authority of Lindholm said on Tuesday that the ferry to the outer islands would resume.",
    "“We have checked every one of the engines,” the port director, Maren Osk, told reporters. “Nobody will "
    "sail before the last of them is safe.",
    "“And nobody will be paid less for waiting.”",
    "A sailor looks over the harbour of Lindholm, where the ferry lies since March.\nJohn Roe/Getty Images",
    "The service was stopped in March after a fire on board injured four crew members.",
)
FURNITURE = (
    "JUST IN: Minister resigns over budget leak",
    "Sign up for our daily newsletter",
    "Advertisement",
    "Read Full Article",
    "We use cookies to improve your experience. By continuing to use our site you agree to them.",
    "Click to share on Twitter (Opens in new window)",
    "Related: Union calls for strike at the port",
    "Loading...",
    "Royal visit cancelled after storm warning [PICTURES]",
    "What is your view? Let us know in the comments section.",
    "Comments",
    "en_USEnglish",
    "Follow us on Google News",
    "4 min read",
    "The service sailed for forty years.",
)


def article(text: str, **fields: object) -> Article:
    return replace(Article("a", "", text), **fields)  # type: ignore[arg-type]


def cleaned(text: str, **fields: object) -> Cleaned:
    return clean(article(text, **fields))


PAGE = f"""Skip to content
Home » News » {TITLE}
Physical Address

221 Example Ave.
Springfield, IL 62704

Tue. Mar 14th, 2023

The Lindholm Times

{TITLE}

3 min read

{BODY[0]}

{BODY[1]}

JUST IN: Minister resigns over budget leak

{BODY[2]}

{BODY[3]}

Storm wall collapses as families flee harbour [REPORT]
Two rescued after their boat capsizes near Osk
Minister's promise torn apart\u00a0[ANALYSIS]

{BODY[4]}

What is your view? Let us know in the comments section.

Ferries, Lindholm, Fire on board

Source link

3 Comments

en_USEnglish"""


def test_a_page_keeps_its_reporting_and_loses_the_rest() -> None:
    result = cleaned(PAGE)
    assert result.article.text == "\n\n".join((TITLE, *BODY))
    assert result.article.title == TITLE
    assert result.article.source == "The Lindholm Times"
    assert result.article.published == date(2023, 3, 14)
    assert {removed.reason for removed in result.removed} >= {"address", "promotion", "tags", "comments"}


def test_every_character_is_where_the_map_says() -> None:
    raw = PAGE.replace("\n", "\r\n").replace("ferry", "fe\u00adrry").replace("é", "e\u0301")
    result = cleaned(raw)
    for at, char in enumerate(result.article.text):
        span = result.offsets.raw_span(Span(at, at + 1))
        assert unicodedata.normalize("NFC", span.of(raw).replace("\r", "")) == char
    for removed in result.removed:
        assert removed.span.of(raw) == removed.text
        assert result.offsets.clean_span(removed.span) is None


def test_known_fields_stay() -> None:
    day = date(2023, 3, 15)
    result = cleaned(PAGE, title="Ferries  to sail\nagain ...", source="Wire", published=day, author="J. Doe")
    head = result.article
    assert (head.title, head.source, head.published, head.author) == (
        "Ferries to sail again ...",
        "Wire",
        day,
        "J. Doe",
    )
    assert TITLE in head.text


def test_a_page_that_starts_with_prose_has_no_title() -> None:
    assert cleaned("\n\n".join(BODY)).article.title == ""
    assert cleaned("Only one line without an end").article.title == ""


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("“The worst day of my life”", "“The worst day of my life”"),
        ("EXCLUSIVE\n\nWill the ferries ever sail again?", "Will the ferries ever sail again?"),
        (f"{TITLE} | Lindholm Times\n\nLog in\n\n{TITLE}", TITLE),
        (f"Home\nWorld\nPolitics\nLifestyle & Travel\nCrosswords\nWeather\n\n{TITLE}", TITLE),
        (f"By Jane Doe\n\nMarch 14, 2023\n\n{TITLE}\n\nWhy the islands waited so long", TITLE),
    ],
)
def test_the_headline_is_found(head: str, title: str) -> None:
    assert cleaned("\n\n".join((head, *BODY))).article.title == title


def test_byline_and_outlet_after_a_bar_are_read() -> None:
    result = cleaned("\n\n".join((f"{TITLE} | Lindholm Herald", "By Jane Doe, Staff Writer", *BODY)))
    assert (result.article.author, result.article.source) == ("Jane Doe", "Lindholm Herald")
    assert "By Jane Doe" not in result.article.text


def test_normalising() -> None:
    raw = (
        "\ufeffCafe\u0301 \x00owners\u200b met.  \r\n\r\n\r\n\r\nThey spoke \u2028 for hours.\rAnd left.\x0c"
    )
    assert cleaned(raw).article.text == "Café owners met.\n\nThey spoke\n for hours.\nAnd left."
    assert cleaned("👩\u200d💻 می\u200cخواهم").article.text == "👩\u200d💻 می\u200cخواهم"
    assert cleaned(" \r\n\t\n").article.text == ""


def test_a_notice_inside_a_paragraph_goes_alone() -> None:
    line = f"{BODY[0]} Sign up for our newsletter. {BODY[4]} [ad_1]"
    assert cleaned("\n\n".join((TITLE, line))).article.text == f"{TITLE}\n\n{BODY[0]} {BODY[4]}"


def test_a_page_of_unknown_kind_loses_only_sure_notices() -> None:
    poem = (
        "\n".join(("The ships are out", "The lamp is lit", "The wind is cold", "And so am I"))
        + "\n\nShare this:"
    )
    assert cleaned(poem).article.text == poem.removesuffix("\n\nShare this:")
    notices = "Sign up for our newsletter\n\nComments\n\nShare this:"
    assert cleaned(notices).article.text == notices


def test_a_line_of_a_megabyte_takes_no_time() -> None:
    for part in ("sign up and ", "a | ", "“Yes.” ", "[ad_", " ", "x\u0301\u0323"):
        before = time.process_time()
        cleaned(part * (1_000_000 // len(part)))
        assert time.process_time() - before < 10


WORDS = st.text(
    st.sampled_from("ab .,!?:\n\r\t“”\"'»|[]()\u00a0\u00ad\u200b\u0301\u2028éЙ中\x00#1"), max_size=40
)
PAGES = st.lists(st.one_of(st.sampled_from((*FURNITURE, *BODY, TITLE)), WORDS), max_size=14).flatmap(
    lambda parts: st.sampled_from(("\n", "\n\n", "\r\n", " ")).map(lambda gap: gap.join(parts))
)


@settings(max_examples=150, deadline=None)
@given(PAGES)
def test_kept_characters_stay_in_order_and_nothing_is_kept_twice(raw: str) -> None:
    result = cleaned(raw)
    offsets, text = result.offsets, result.article.text
    assert (offsets.raw_length, offsets.clean_length) == (len(raw), len(text))
    done = 0
    for removed in result.removed:
        assert removed.span.of(raw) == removed.text
        assert removed.span.start >= done
        done = removed.span.end
    for at, char in enumerate(text):
        span = offsets.raw_span(Span(at, at + 1))
        if len(span) == 1 and char != "\n":
            assert unicodedata.normalize("NFC", span.of(raw)) == char


@settings(max_examples=150, deadline=None)
@given(PAGES)
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    once = cleaned(raw)
    twice = clean(once.article)
    assert twice.article.text == once.article.text
    assert twice.removed == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(FURNITURE), max_size=6), st.integers(0, len(BODY)))
def test_reporting_is_never_lost(notices: list[str], place: int) -> None:
    parts = [TITLE, *BODY[:place], *notices, *BODY[place:]]
    text = cleaned("\n\n".join(parts)).article.text
    assert all(part in text for part in (TITLE, *BODY))


def test_recurring_lines_at_the_edge_go() -> None:
    pages = [
        f"Jane Quill\nWired Isle\n\n{part}\n\nA Lindholm Isle production" for part in BODY for _ in range(2)
    ]
    counts = Counter(key for page in pages for key in lines_of(page))
    result = clean(article(pages[0]), counts)
    assert result.article.text == BODY[0]
    assert clean(result.article, counts).removed == ()
    assert "A Lindholm Isle production" in clean(article(pages[0])).article.text


def test_a_list_found_in_many_articles_stays() -> None:
    islands = ("Osk", "Holm", "Lind", "Vargo", "Nesby", "Torrin", "Ulvik", "Strand")
    text = "\n\n".join(
        f"{island} Island\n\n{island} has {len(island)} ferries, the council of {island} said."
        for island in islands
    )
    counts = Counter({key: 50 for island in islands for key in lines_of(f"{island} Island")})
    assert clean(article(text, title=TITLE), counts).article.text == text


def test_a_dateline_is_no_title() -> None:
    assert cleaned("\n\n".join(("North Lindholm WIRE Business —", *BODY))).article.title == ""


def test_syndicated_copies_keep_their_text() -> None:
    copy = "\n\n".join((TITLE, *BODY, "The ferry carries goods and people"))
    counts = Counter(key for _ in range(40) for key in lines_of(copy))
    assert clean(article(copy), counts).article.text == copy

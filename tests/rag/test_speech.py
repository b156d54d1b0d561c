from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Span
from rag.speech import full_name, read_speech, same_name

ARTICLE = """Harbour master Ada Okoye rejected the union's offer on Monday.

“We will not sign this,” she said. “Nobody would. The terms are worse than last year's.”

Port workers' leader Tom Reyes, who called the strike, warned that the quay would stay shut.

“The quay is ours.

“And it stays shut,” he added.

According to the Lagos Courier, the mayor has asked both sides to talk.

Rain fell in the afternoon."""


def sentences(text: str) -> list[Span]:
    return [Span(m.start(), m.end()) for m in re.finditer(r"[^\s][^\n]*?[.!?][”]?(?=\s|$)", text)]


def spoken(start: str) -> tuple[str, bool]:
    spans = sentences(ARTICLE)
    speech = read_speech(ARTICLE, spans)
    found = next(s for span, s in zip(spans, speech, strict=True) if span.of(ARTICLE).startswith(start))
    return found.speaker, found.quoted


@pytest.mark.parametrize(
    ("start", "speaker", "quoted"),
    [
        ("Harbour master", "Harbour master Ada Okoye", False),
        ("“We will", "Harbour master Ada Okoye", False),
        ("“Nobody", "Harbour master Ada Okoye", True),
        ("The terms", "Harbour master Ada Okoye", True),
        ("Port workers", "Port workers' leader Tom Reyes", False),
        ("“The quay", "Port workers' leader Tom Reyes", True),
        ("“And it", "Port workers' leader Tom Reyes", False),
        ("According", "Lagos Courier", False),
        ("Rain", "", False),
    ],
)
def test_speakers(start: str, speaker: str, quoted: bool) -> None:
    who, inside = spoken(start)
    assert who.endswith(speaker.split()[-1]) if speaker else who == ""
    assert inside is quoted


@given(st.text(alphabet='ab. “”"\nHe said, TomReyes', max_size=200))
def test_any_text_has_one_speech_a_sentence(text: str) -> None:
    spans = [Span(m.start(), m.end()) for m in re.finditer(r"\S+(?: \S+)*", text)]
    assert len(read_speech(text, spans)) == len(spans)


def test_short_names_must_be_equal() -> None:
    assert not same_name("putin", "purin")


def test_full_name() -> None:
    assert full_name("Okoye", ARTICLE) == "Ada Okoye"
    assert full_name("Tom Reyes", ARTICLE) == "Tom Reyes"


def inside(text: str) -> list[bool]:
    """For each character whether it is in a quotation, marks included, walked one by one."""
    found, opened = [], False
    for char in text:
        closes = char in "”»" or (char == '"' and opened)
        opens = char in "“«„" or (char == '"' and not opened)
        found.append(char != "\n" and (opened or opens or closes))
        opened = (opened or opens) and not closes and char != "\n"
    return found


@given(st.text(alphabet="ab .“”«»„\"'\n", max_size=40), st.data())
def test_a_sentence_is_quoted_when_each_letter_is(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if start == end:
        return
    [speech] = read_speech(text, [Span(start, end)])
    marked = inside(text)
    assert speech.has_quote == any(marked[start:end])
    assert speech.quoted == all(marked[i] for i in range(start, end) if text[i].isalnum())

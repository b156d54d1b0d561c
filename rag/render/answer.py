"""Answers as HTML: words with what checking them found, markers as buttons, sources as cards.

Pure: an answer in, sanitised HTML out. It does not know the page or whether it will be shown again, longer;
while an answer grows, its elements keep their order, so that what a reader holds on to stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import groupby

from index.types import ArticleHead, Hit
from rag.render.articles import card_html, cards_html, hits_html, snippet
from rag.render.marker import marker_html
from rag.render.markup import copies_text, counted, sanitise
from rag.render.pieces import (
    IN_VAIN,
    UNFINISHED,
    Piece,
    author_name,
    doubt_text,
    has_unchecked,
    lines_of,
    progress_text,
    vain_text,
    version_text,
    written_text,
)
from rag.types import Answer, Citation, Support

_BRACKETS = re.compile(r"\[[^\[\]\d][^\[\]]*\]")
KEPT_CHARS = 40
"""Up to this many characters of the word before a marker stay on its line."""
_WARNINGS = {"claim unsupported": "Not borne out by its source: ", "unchecked": "Not checked: "}
_LEGEND: dict[Support, tuple[str, str]] = {
    "verbatim": ('<span class="sample marker">[n]</span>', "in an article’s own words"),
    "supported": ('<span class="sample marker reworded">[n]</span>', "reworded, borne out by what is cited"),
    "unsupported": ("<s>struck through</s>", "not borne out"),
}


def copies_of(answers: Iterable[Answer], article_id: str) -> tuple[ArticleHead, ...]:
    """The articles that carry what `answers` cite or found in `article_id`; in order, once each."""
    found: dict[str, ArticleHead] = {}
    for answer in answers:
        places: tuple[Citation | Hit, ...] = (*answer.citations, *answer.hits)
        for one in places:
            if one.head.id == article_id:
                found.update((head.id, head) for head in one.copies)
    return tuple(found.values())


def answer_html(answer: Answer) -> str:
    """The answer, its markers as buttons, its sources as cards; or the box that says it abstained.

    One that is not done was stopped; for one that still grows there is `growing_html`.
    """
    return sanitise(_whole(answer) + ("" if answer.abstained else _more(answer)))


def growing_html(answer: Answer) -> str:
    """An answer that is still being written, with the passages that are read for it."""
    foot = f'<span class="dots"></span>{escape(progress_text(answer))}'
    words = f'<div class="said growing" aria-busy="true">{_prose(answer, "checking")}</div>'
    return sanitise(f"{words}{_foot(foot)}{_read(answer)}")


# --- the words ---------------------------------------------------------------------------------


def _prose(answer: Answer, unchecked: str = "unchecked") -> str:
    """The answer's lines; `unchecked` is the class of words without a claim."""
    lines = lines_of(answer)
    return "".join(f'<p dir="auto">{_line(answer, line, unchecked)}</p>' for line in lines if line)


def _line(answer: Answer, line: Sequence[Piece], unchecked: str) -> str:
    groups = [list(group) for _, group in groupby(line, key=lambda piece: (piece.state, id(piece.claim)))]
    return "".join(_group(answer, group, unchecked) for group in groups)


def _group(answer: Answer, pieces: Sequence[Piece], unchecked: str) -> str:
    """Neighbouring pieces of one claim, or of none."""
    state = pieces[0].state
    inner = _run(answer, pieces, _struck if state == "unsupported" else escape)
    if state == "plain":
        return inner
    kind = unchecked if state == "unchecked" else f"claim {state}"
    warning = _WARNINGS.get(kind, "")
    before = f'<span class="unseen">{warning}</span>' if warning else ""
    blank = " " if inner.startswith(" ") else ""
    return f'{blank}<span class="{kind}">{before}{inner.lstrip()}</span>'


def _struck(words: str) -> str:
    return f"<s>{escape(words)}</s>" if words.strip() else escape(words)


def _run(answer: Answer, pieces: Sequence[Piece], shown: Callable[[str], str]) -> str:
    out: list[str] = []
    for i, piece in enumerate(pieces):
        if piece.citation:
            after_words = i > 0 and not pieces[i - 1].citation
            words = out.pop() if after_words else ""
            out.append(_kept(words, answer, piece.citation, shown))
        elif piece.text:
            followed = i + 1 < len(pieces) and pieces[i + 1].citation
            out.append(piece.text if followed else shown(piece.text))
        elif piece.claim:
            out.append(f' <span class="doubt">{escape(doubt_text(piece.claim))}</span>')
    return "".join(out)


def _kept(words: str, answer: Answer, citation: Citation, shown: Callable[[str], str]) -> str:
    """Words and the marker after them, which stays on the line of the last word."""
    marker, words = marker_html(answer, citation), words.rstrip(" ")
    last = words.split()[-1:] if words and not words[-1].isspace() else []
    if not last or len(last[0]) > KEPT_CHARS:
        return f"{shown(words)} {marker}" if words else marker
    before = words[: len(words) - len(last[0])]
    return f'{shown(before)}<span class="keep">{shown(last[0])}&nbsp;{marker}</span>'


# --- under the words ---------------------------------------------------------------------------


def _foot(line: str, legend: str = "") -> str:
    """One line on how the answer came about; told as it changes."""
    told = f'<p class="told" role="status">{line}</p>' if line else ""
    return f'<div class="foot">{told}{legend}</div>' if told or legend else ""


def _legend(answer: Answer) -> str:
    """How many sentences are in which state, each with the looks that tell it; empty without claims."""
    number = Counter(claim.support for claim in answer.claims)
    added = {"verbatim": "; what stands in [brackets] is added"} if _adds(answer) else {}
    items = "".join(
        f'<li class="{kind}">{sample} {counted(number[kind], "sentence")} {meaning}{added.get(kind, "")}</li>'
        for kind, (sample, meaning) in _LEGEND.items()
        if number[kind]
    )
    return f'<ul class="legend" aria-label="What checking found">{items}</ul>' if items else ""


def _adds(answer: Answer) -> bool:
    """Whether a sentence in an article's own words has words in brackets that no cited article has."""
    whole = (claim.at.of(answer.text) for claim in answer.claims if claim.support == "verbatim")
    added = {words for sentence in whole for words in _BRACKETS.findall(sentence)}
    return any(all(words not in one.evidence for one in answer.citations) for words in added)


def _ended(answer: Answer) -> str:
    """What to say under an answer: who wrote it, and what was not checked."""
    if not answer.text:
        return "" if answer.done else "Stopped before anything was written."
    stopped = "" if answer.done else "Stopped."
    written = written_text(answer)
    unchecked = "The words with dots under them were not checked." if has_unchecked(answer) else ""
    return " ".join(part for part in (stopped, written and f"{written}.", unchecked) if part)


def _whole(answer: Answer) -> str:
    if answer.abstained:
        return _abstained(answer)
    prose = _prose(answer)
    body = f'<div class="said">{prose}</div>' if prose else ""
    foot = _foot(escape(_ended(answer)), _legend(answer))
    sources = _sources(answer) + _versions(answer)
    return f"{body}{foot}{_problem(answer)}{sources}{_instead(answer)}{_vain(answer)}"


def _problem(answer: Answer) -> str:
    """Why a model ended early."""
    if not answer.problem:
        return ""
    why = f'<p dir="auto">{escape(answer.problem)}</p>'
    return f'<div class="problem" role="note"><p class="verdict">{UNFINISHED}</p>{why}</div>'


def _instead(answer: Answer) -> str:
    """The answer that stands in, folded unless there is nothing else."""
    if not answer.instead:
        return ""
    state = "" if answer.text else " open"
    summary = "<summary>The answer in the articles’ own words</summary>"
    return f'<details class="instead"{state}>{summary}{_whole(answer.instead)}</details>'


def _abstained(answer: Answer) -> str:
    searched = str(answer.trace.get("query") or answer.question)
    nearest = hits_html(answer.hits, "Nearest passages")
    heading = '<h4 class="nearest">The nearest passages, to judge for yourself</h4>' if nearest else ""
    return (
        '<div class="abstained" role="note"><p class="verdict">These articles do not tell</p>'
        f'<p dir="auto">{escape(answer.text)}</p>'
        f'<p class="searched">Searched for: <em dir="auto">{escape(searched)}</em></p></div>'
        f"{_vain(answer)}{_problem(answer)}{_instead(answer)}{heading}{nearest}"
    )


def _vain(answer: Answer) -> str:
    lines = [line.strip() for line in vain_text(answer).split("\n")]
    words = "".join(f'<p dir="auto"><s>{escape(line)}</s></p>' for line in lines if line)
    author = author_name(answer)
    foot = _foot(escape(f"Written by {author}.")) if author else ""
    body = f'<div class="said claim unsupported">{words}</div>{foot}'
    return f'<details class="unborne"><summary>{IN_VAIN}</summary>{body}</details>' if words else ""


# --- sources -----------------------------------------------------------------------------------


def _numbers(citations: Iterable[Citation]) -> str:
    return ", ".join(str(number) for number in dict.fromkeys(c.marker for c in citations))


def _sources(answer: Answer) -> str:
    """One card per cited article, in the order of their first markers."""
    cited: dict[str, list[Citation]] = {}
    for citation in sorted(answer.citations, key=lambda c: c.at):
        cited.setdefault(citation.head.id, []).append(citation)
    cards = []
    for article_id, group in cited.items():
        extra = copies_text(copies_of([answer], article_id))
        spans = [citation.span for citation in group]
        cards.append(card_html(group[0].head, spans, number=_numbers(group), extra=extra))
    return cards_html(cards, "sources", "Sources")


def _versions(answer: Answer) -> str:
    """One card per other article's version of a cited statement, numbered as the citation."""
    found = [(citation, version) for citation in answer.citations for version in citation.versions]
    cards = [
        card_html(
            one.head, [one.span], str(citation.marker), version_text(one), " ".join(one.evidence.split())
        )
        for citation, one in dict.fromkeys(found)
    ]
    heading = '<h4 class="nearest">Where other articles agree or differ</h4>' if cards else ""
    return heading + cards_html(cards, "passages versions", "Where other articles agree or differ")


def _read(answer: Answer) -> str:
    """One card per hit, in their order, numbered as the growing answer cites them."""
    cards = []
    for hit in answer.hits:
        cited = [c for c in answer.citations if c.passage_id == hit.passage.id]
        spans = [c.span for c in cited] or [hit.passage.span]
        extra = copies_text(hit.copies)
        cards.append(card_html(hit.head, spans, number=_numbers(cited), extra=extra, text=snippet(hit)))
    return cards_html(cards, "passages reading", "Passages being read")


def _more(answer: Answer) -> str:
    cited = {citation.passage_id for citation in answer.citations}
    rest = [hit for hit in answer.hits if hit.passage.id not in cited]
    if not rest:
        return ""
    return (
        f'<details class="more"><summary>{len(rest)} more {"passage" if len(rest) == 1 else "passages"} found'
        f"</summary>{hits_html(rest, 'More passages')}</details>"
    )

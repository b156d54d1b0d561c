"""How an answer was found, as HTML to unfold: what was asked of the archive, how sure it is, what it gave.

Pure: an answer's trace and hits in, sanitised HTML out. It shows what is there; an answer without a trace has
nothing to tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from index.types import Hit
from rag.render.markup import day_text, opener, place_html, sanitise, title_text
from rag.types import EXTRACTIVE, Answer

STRICTNESS = {
    "on": "abstains when it is not sure",
    "strict": "answers only when it is certain",
    "off": "answers whenever there is anything to answer with",
}
_STAGES = {
    "rewrite": "reading the question",
    "search": "searching",
    "extract": "choosing sentences",
    "choose": "choosing an option",
    "compare": "comparing with other articles",
    "prompt": "preparing the sources for the model",
    "first": "waiting for the model’s first word",
    "write": "writing",
    "check": "checking, meanwhile",
    "total": "in all",
}
_RANKINGS = {"dense": "By meaning", "lexical": "By words"}


def found_html(answer: Answer, limits: str = "") -> str:
    """The drawer under an answer; `limits` say what the search was limited to. Empty without a trace."""
    if not answer.trace:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td dir="auto">{escape(value)}</td></tr>'
        for name, value in _facts(answer, limits)
        if value
    )
    return sanitise(
        '<details class="how"><summary>How this was found</summary>'
        f'<table class="facts"><tbody>{rows}</tbody></table>{_ranked(answer)}</details>'
    )


def _facts(answer: Answer, limits: str) -> Iterator[tuple[str, str]]:
    trace = answer.trace
    yield "Searched for", str(trace.get("query") or answer.question)
    yield "Asked on", _day(trace.get("asked"))
    yield "Limited to", limits or "nothing: all articles"
    yield "Passages found", f"at most {trace['top_k']}" if trace.get("top_k") else ""
    yield "Passages read", _read(trace, answer.hits)
    yield "Answered by", _author(trace)
    yield "Prompt", str(trace.get("prompt") or "")
    yield "Strictness", STRICTNESS.get(str(trace.get("abstain")), "")
    yield "Confidence", _confidence(trace)
    yield "Missing", str(trace.get("missing") or "")
    yield "Time", _times(trace.get("milliseconds"))


def _day(value: object) -> str:
    return day_text(date.fromisoformat(value)) if isinstance(value, str) else "no day: none is preferred"


def _author(trace: Mapping[str, Any]) -> str:
    name = str(trace.get("llm") or EXTRACTIVE)
    return "the articles’ own sentences, no chat model" if name == EXTRACTIVE else name


def _confidence(trace: Mapping[str, Any]) -> str:
    if "confidence" not in trace:
        return ""
    return f"{trace['confidence']:.2f}, wanted at least {trace.get('threshold', 0.0):.2f}"


def _times(laps: object) -> str:
    """The stages that took any time, in their order: "searching 12 ms, …"."""
    if not isinstance(laps, Mapping):
        return ""
    told = sorted(((name, float(ms)) for name, ms in laps.items()), key=lambda lap: lap[0] == "total")
    return ", ".join(f"{_STAGES.get(name, name)} {ms:,.0f} ms" for name, ms in told if ms >= 0.5)


# --- the passages ------------------------------------------------------------------------------


def _ranked(answer: Answer) -> str:
    """The passages in the order of their rank, whether they were read, what each ranking made of them."""
    hits = answer.hits
    if not hits:
        return ""
    rankings = {name: _places(hits, name) for name in _RANKINGS if any(name in hit.parts for hit in hits)}
    names = ["Rank", "Passage", "Score", *(_RANKINGS[name] for name in rankings), "By date"]
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    read = _read_ranks(answer.trace)
    body = "".join(_row(rank, hit, rankings, is_read=rank in read) for rank, hit in enumerate(hits, start=1))
    return (
        '<div class="ranked" role="region" tabindex="0" aria-label="Passages found, best first"><table>'
        "<caption>Passages found, best first. By meaning: likeness of the vectors (1 is the same); by words: "
        "weight of the words shared; in brackets the place among these. By date: what nearness to the day of "
        "asking, or to a time that is named, multiplies the score with.</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(rank: int, hit: Hit, rankings: Mapping[str, Mapping[str, int]], *, is_read: bool) -> str:
    """One passage; each number says what it is, for windows that are too narrow for columns."""
    numbers = {"Score": f"{hit.score:.3f}"}
    numbers |= {_RANKINGS[name]: _part(hit, name, places) for name, places in rankings.items()}
    numbers["By date"] = f"×{hit.parts.get('date', 1.0):.3f}"
    cells = "".join(
        f'<td class="number"><span class="kind">{name}</span> {told}</td>' for name, told in numbers.items()
    )
    read = ' <span class="read">read</span>' if is_read else ""
    return f'<tr><td class="rank">{rank}</td><td class="what">{_passage(hit)}{read}</td>{cells}</tr>'


def _read_ranks(trace: Mapping[str, Any]) -> Sequence[int]:
    ranks = trace.get("read")
    return ranks if isinstance(ranks, Sequence) else ()


def _read(trace: Mapping[str, Any], hits: Sequence[Hit]) -> str:
    """How many of the passages were read for the answer; empty where nobody noted it."""
    number = sum(rank <= len(hits) for rank in _read_ranks(trace))
    if not number:
        return ""
    if number == len(hits):
        return "all of them, for the answer"
    return f"{number} of {len(hits)}, for the answer; they are marked below"


def _passage(hit: Hit) -> str:
    return (
        f'<button type="button" class="ranking" {opener(hit.head, [hit.passage.span])} dir="auto">'
        f'{escape(title_text(hit.head))}</button><span class="place">{place_html(hit.head)}</span>'
    )


def _places(hits: Sequence[Hit], name: str) -> dict[str, int]:
    """The place of each passage by one ranking's numbers, from 1."""
    ranked = sorted((-hit.parts[name], hit.passage.id) for hit in hits if name in hit.parts)
    return {passage_id: place for place, (_, passage_id) in enumerate(ranked, start=1)}


def _part(hit: Hit, name: str, places: Mapping[str, int]) -> str:
    return f"{hit.parts[name]:.2f} ({places[hit.passage.id]})" if name in hit.parts else "–"

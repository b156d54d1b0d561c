"""The part of the report that shows every article: its errors, then its text twice, gold and found. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.types import Attribution, Span
from rag.eval.attributions.types import ArticleRow
from rag.eval.attributions.verdicts import OUTCOMES, Outcome, Verdict, verdicts_of
from rag.eval.plots import shown

# Characters of article texts in the whole page, and of one content in a list: keeps a page of some hundred
# articles at a few MB.
_ALL, _LONGEST = 1_000_000, 600
_KINDS = {
    "failed": ("Could not be read", "Nothing was found because of an error; not in the numbers.", True),
    "errors": ("With errors", "Something was missed, spurious, or said by another; most errors first.", True),
    "right": ("Without errors", "Every attribution was found, some perhaps with other words.", False),
}
_LEGEND = (
    '<p class="note">Gold on the left, found on the right. <mark class="right">found with the same words'
    '</mark>, <mark class="words">found with other words</mark>, '
    '<mark class="source">found, said by another</mark>, '
    '<mark class="missed">missed or spurious</mark>; <u>source</u>, <u class="wrong">wrong source</u>, '
    "<em>reporting words</em>.</p>"
)


@dataclass(frozen=True, slots=True)
class _Judged:
    row: ArticleRow
    verdicts: list[Verdict]
    counts: Counter[Outcome]

    @property
    def errors(self) -> int:
        return self.counts["missed"] + self.counts["spurious"] + self.counts["source"]

    @property
    def kind(self) -> str:
        if self.row.error is not None:
            return "failed"
        return "errors" if self.errors else "right"


def articles_html(rows: Sequence[ArticleRow]) -> str:
    """All articles by kind, most errors first, with links to the kinds and (with scripts only) a search."""
    judged = [_judged(row) for row in rows]
    judged.sort(key=lambda one: -one.errors)
    links, sections, left = "", "", _ALL
    for kind, (title, meaning, failed) in _KINDS.items():
        listed = [one for one in judged if one.kind == kind]
        if not listed:
            continue
        inside = ""
        for one in listed:
            left -= 2 * len(one.row.text)
            inside += _article_html(one, whole=left >= 0)
        state = "kind failed" if failed else "kind"
        links += f'<li><a href="#kind-{kind}" data-kind="{kind}">{title} <b>{len(listed):,}</b></a></li>'
        sections += (
            f'<section class="{state}" id="kind-{kind}" data-kind="{kind}">'
            f'<h3>{title} <span class="n">{len(listed):,}</span></h3><p class="note">{meaning}</p>'
            f"{inside}</section>"
        )
    return (
        f'<section id="questions"><h2>Every article</h2>{_LEGEND}<ul class="kinds">{links}</ul>{_CONTROLS}'
        f'{sections}<p class="none" hidden>No article fits.</p></section>'
    )


_CONTROLS = (
    '<form class="controls" role="search" data-counted="articles" hidden><label class="wide">Search <input '
    'id="words" type="search" placeholder="words of an article"></label><output id="count"></output></form>'
)


def _judged(row: ArticleRow) -> _Judged:
    verdicts = verdicts_of(row) if row.error is None else []
    return _Judged(row, verdicts, Counter(one.outcome for one in verdicts))


def _article_html(one: _Judged, *, whole: bool) -> str:
    row = one.row
    gist = " · ".join(f"{one.counts[name]} {told}" for name, told in OUTCOMES.items() if one.counts[name])
    told = row.error if row.error is not None else gist
    texts = _texts_html(row, one.verdicts) if whole else '<p class="note">Text in results.json.</p>'
    return (
        f'<details class="row"><summary><span class="q" dir="auto">{shown(row.title or row.article)}</span>'
        f'<span class="gist"><span class="got" dir="auto">{shown(told)}</span></span></summary>'
        f'<div class="inside">{_pairs_html(row.text, one.verdicts)}{texts}'
        f'<p class="facts" dir="auto">{shown(row.article)}</p></div></details>'
    )


def _pairs_html(text: str, verdicts: Iterable[Verdict]) -> str:
    """Errors in a table, by kind and then as the text has them; what is right in another, closed one."""
    order = list(OUTCOMES)
    listed = sorted(verdicts, key=lambda one: order.index(one.outcome))
    wrong = [one for one in listed if one.outcome not in ("words", "right")]
    rest = [one for one in listed if one.outcome in ("words", "right")]
    told = f"{len(rest):,} without such errors"
    return (_table_html(text, wrong) if wrong else "") + (
        f'<details class="rest"><summary>{told}</summary>{_table_html(text, rest)}</details>' if rest else ""
    )


def _table_html(text: str, verdicts: Iterable[Verdict]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{OUTCOMES[one.outcome]}</th>'
        f"<td>{_told_html(text, one.gold)}</td><td>{_told_html(text, one.predicted)}</td></tr>"
        for one in verdicts
    )
    heads = '<th></th><th scope="col">Gold</th><th scope="col">Found</th>'
    return f'<table class="pairs"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _told_html(text: str, one: Attribution | None) -> str:
    """Content, then who said it and with which words; "–" of nothing."""
    if one is None:
        return "–"
    content, source, cue = (_words(text, spans) for spans in (one.content, one.source, one.cue))
    who = " · ".join(shown(part) for part in (source or "no source", cue) if part)
    speaker = f" · speaker {shown(one.speaker)}" if one.speaker else ""
    kind = "quoted" if one.quoted else "indirect"
    return (
        f'<bdi dir="auto">{shown(_short(content))}</bdi>'
        f'<span class="who" dir="auto">{who}{speaker} · {kind}</span>'
    )


def _words(text: str, spans: Iterable[Span]) -> str:
    return " […] ".join(" ".join(span.of(text).split()) for span in spans)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"


def _texts_html(row: ArticleRow, verdicts: Sequence[Verdict]) -> str:
    gold = [(one.gold, one.outcome) for one in verdicts if one.gold is not None]
    found = [(one.predicted, one.outcome) for one in verdicts if one.predicted is not None]
    return (
        f'<div class="texts"><h4>Gold</h4><h4>Found</h4><p dir="auto">{_marked_html(row.text, gold)}</p>'
        f'<p dir="auto">{_marked_html(row.text, found)}</p></div>'
    )


def _marked_html(text: str, judged: Iterable[tuple[Attribution, Outcome]]) -> str:
    """The whole text with contents, sources and reporting words marked, overlapping ones too."""
    begun: dict[int, list[str]] = {}
    ended: dict[int, list[str]] = {}
    for one, outcome in judged:
        wrong = ' class="wrong"' if outcome == "source" else ""
        marks = ((one.content, f'mark class="{outcome}"'), (one.source, f"u{wrong}"), (one.cue, "em"))
        for spans, tag in marks:
            for span in spans:
                begun.setdefault(span.start, []).append(tag)
                ended.setdefault(span.end, []).append(tag)
    active: Counter[str] = Counter()
    pieces = []
    for start, end in pairwise(sorted({0, len(text), *begun, *ended})):
        active.update(begun.get(start, ()))
        active.subtract(ended.get(start, ()))
        tags = sorted(tag for tag, count in active.items() if count > 0)
        opened = "".join(f"<{tag}>" for tag in tags)
        closed = "".join(f"</{tag.split()[0]}>" for tag in reversed(tags))
        pieces.append(f"{opened}{shown(text[start:end])}{closed}")
    return "".join(pieces)

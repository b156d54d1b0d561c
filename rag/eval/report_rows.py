"""The part of the report that shows every question: failures first, by kind, each one opens. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from index.types import ArticleHead, Span
from rag.eval.excerpts import excerpt_html, gold_spans
from rag.eval.measures import number_text, ordered
from rag.eval.plots import shown
from rag.eval.reasons import KINDS, Kind, kinds_of, reasons
from rag.eval.types import Place, Row, Shown
from rag.render.markup import day_text, outlet_text, title_text
from rag.types import Claim

PASSAGES = 5
GIST = 180
RAW = 2400
# Characters of passages in the whole page, and in one excerpt: keeps a page of 500 questions under 3 MB.
_ALL, _MOST, _LEAST = 1_000_000, 600, 160


def questions_html(rows: Sequence[Row]) -> str:
    """All rows by kind, with links to the kinds, and (with scripts only) filters and a search box."""
    by_kind: dict[str, list[Row]] = {kind.key: [] for kind in KINDS.values()}
    for row, kind in zip(rows, kinds_of(rows), strict=True):
        by_kind[kind.key].append(row)
    tags = sorted({tag for row in rows for tag in row.question.tags})
    numbers = {tag: place for place, tag in enumerate(tags)}
    length = _length(rows)
    present = [(kind, by_kind[kind.key]) for kind in KINDS.values() if by_kind[kind.key]]
    links = "".join(
        f'<li><a href="#kind-{kind.key}" data-kind="{kind.key}">{kind.title} <b>{len(some):,}</b></a></li>'
        for kind, some in present
    )
    groups = "".join(_kind_html(kind, some, numbers, length) for kind, some in present)
    return (
        f'<section id="questions"><h2>Every question</h2><ul class="kinds">{links}</ul>'
        f'{_controls(tags)}{groups}<p class="none" hidden>No question fits.</p></section>'
    )


def _length(rows: Sequence[Row]) -> int:
    pieces = sum(min(PASSAGES, len(row.hits)) + len(row.places) + len(row.citations) for row in rows)
    return max(_LEAST, min(_MOST, _ALL // max(1, pieces)))


def _controls(tags: Sequence[str]) -> str:
    options = "".join(f'<option value="{place}">{shown(tag)}</option>' for place, tag in enumerate(tags))
    select = (
        f'<label>Tag <select id="tag"><option value="">all</option>{options}</select></label>' if tags else ""
    )
    return (
        '<form class="controls" role="search" hidden><label class="wide">Search <input id="words" '
        f'type="search" placeholder="words of a question, an answer, a passage"></label>{select}'
        '<output id="count"></output></form>'
    )


def _kind_html(kind: Kind, rows: Sequence[Row], numbers: Mapping[str, int], length: int) -> str:
    listed = "".join(_row_html(row, kind, numbers, length) for row in rows)
    state = "kind failed" if kind.failed else "kind"
    return (
        f'<section class="{state}" id="kind-{kind.key}" data-kind="{kind.key}">'
        f'<h3>{kind.title} <span class="n">{len(rows):,}</span></h3><p class="note">{kind.meaning}</p>'
        f"{listed}</section>"
    )


def _row_html(row: Row, kind: Kind, numbers: Mapping[str, int], length: int) -> str:
    question = row.question
    tags = " ".join(str(numbers[tag]) for tag in dict.fromkeys(question.tags))
    return (
        f'<details class="row" data-tags="{tags}"><summary><span class="q" dir="auto">{shown(question.text)}'
        f"</span>{_gist(row)}</summary>"
        f'<div class="inside">{_why(row, kind)}{_asked(row)}{_gold(row)}{_answer(row, length)}'
        f"{_passages(row, length)}{_evidence(row, length)}{_facts(row)}</div></details>"
    )


def _gist(row: Row) -> str:
    gold = _gold_text(row)
    said = "–" if row.abstained else _short(row.said)
    wanted = f'<span class="want" dir="auto">{shown(_short(gold, 90))}</span> ' if gold else ""
    return f'<span class="gist">{wanted}<span class="got" dir="auto">{shown(said)}</span></span>'


def _short(text: str, length: int = GIST) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0] + " …"


def _gold_text(row: Row) -> str:
    return " + ".join(group[0] for group in row.question.answers if group)


def _block(name: str, body: str) -> str:
    return f'<div class="block"><h4>{name}</h4><div>{body}</div></div>' if body else ""


def _lines(lines: Iterable[str], kind: str = "plain") -> str:
    items = "".join(f'<li dir="auto">{line}</li>' for line in lines)
    return f'<ul class="{kind}">{items}</ul>' if items else ""


def _why(row: Row, kind: Kind) -> str:
    return _block("Why", _lines(shown(line) for line in (kind.meaning, *reasons(row))))


def _asked(row: Row) -> str:
    turns = _lines(
        f"<b>{'Asked' if turn.role == 'user' else 'Told'}</b> {shown(turn.content)}"
        for turn in row.question.history
    )
    day = f"<p>{day_text(row.question.asked)}</p>" if row.question.asked else ""
    query = str(row.trace.get("query") or row.question.text)
    read = f'<p dir="auto">{shown(query)}</p>' if query != row.question.text else ""
    return _block("Earlier turns", turns) + _block("Read as", read) + _block("Asked on", day)


def _gold(row: Row) -> str:
    question = row.question
    groups = _lines(
        " <i>or</i> ".join(f"<mark>{shown(v)}</mark>" for v in group) for group in question.answers
    )
    if not question.answerable:
        groups = "<p>The articles do not tell.</p>" + groups
    options = _lines(
        shown(choice) + (" <b>taken</b>" if place == row.choice else "")
        for place, choice in enumerate(question.choices or ())
    )
    references = _lines(shown(_short(text, 1200)) for text in question.references)
    claims = _lines(map(shown, question.assertions))
    return (
        _block("Gold answer", groups)
        + _block("Options", options)
        + _block("Answers by people", references)
        + _block("Has to state", claims)
    )


def _answer(row: Row, length: int) -> str:
    cited = "".join(_citation(number, row, one, length) for number, one in enumerate(row.citations, 1))
    answer = f'<p class="answer" dir="auto">{_struck(row)}</p>{_raw(row)}'
    return (
        _block("Answer", answer)
        + _block("Checked", _claims(row))
        + _block("Cited", f'<ol class="cited">{cited}</ol>' if cited else "")
    )


def _raw(row: Row) -> str:
    """What the back-end wrote, where the answer is something else."""
    raw = row.trace.get("raw")
    if not raw or not (row.abstained or row.written):
        return ""
    name = "As the model wrote it" if row.written else "Kept back"
    return f'<p class="kept" dir="auto"><b>{name}</b> {shown(_short(str(raw), RAW))}</p>'


def _struck(row: Row) -> str:
    """The answer, sentences struck that the articles do not bear out."""
    pieces, last = [], 0
    for claim in row.claims:
        if claim.support == "unsupported" and claim.at.start >= last:
            pieces.append(shown(row.answer[last : claim.at.start]))
            pieces.append(f"<s>{shown(claim.at.of(row.answer))}</s>")
            last = claim.at.end
    return "".join(pieces) + shown(row.answer[last:])


def _claims(row: Row) -> str:
    """Each sentence with its verdict; nothing where all are the articles' own."""
    if all(claim.support == "verbatim" for claim in row.claims):
        return ""
    return _lines(_claim(claim, claim.at.of(row.answer)) for claim in row.claims)


def _claim(claim: Claim, words: str) -> str:
    kind = "bad" if claim.support == "unsupported" else "good"
    reason = f' <span class="place">{shown(claim.reason)}</span>' if claim.reason else ""
    score = f' <span class="score">{number_text("score", claim.score)}</span>'
    return f'{shown(words)} <b class="{kind}">{shown(claim.support)}</b>{score}{reason}'


def _citation(number: int, row: Row, one: Shown, length: int) -> str:
    touches = any(place.holds(one.article, one.span) for place in row.places)
    verdict = ' <b class="good">evidence</b>' if touches else ""
    doubt = f' <b class="bad">{shown(one.support)}</b>' if one.support == "unsupported" else ""
    gold = gold_spans(one.text, row.question.answers)
    words = excerpt_html(one.text, gold, (), length)
    return f'<li value="{number}" dir="auto"><p>{words}</p>{_head(one, verdict + doubt)}</li>'


def _head(one: Shown, more: str = "") -> str:
    head = ArticleHead(one.article, one.title, one.source, one.published)
    parts = [f"<bdi>{shown(title_text(head))}</bdi>"] if one.title.strip() else []
    parts += [f"<bdi>{shown(outlet_text(head))}</bdi>"] if one.source else []
    parts += [day_text(one.published)] if one.published else []
    place = " · ".join(parts or [f"<bdi>{shown(one.article)}</bdi>"])
    return f'<p class="place" title="{shown(one.article)} {one.span.start}–{one.span.end}">{place}{more}</p>'


def _passages(row: Row, length: int) -> str:
    articles = row.question.qrels
    items = []
    for hit in row.hits[:PASSAGES]:
        gold = gold_spans(hit.text, row.question.answers)
        words = excerpt_html(hit.text, gold, _cited_in(hit, row.citations), length)
        verdict = ' <b class="good">evidence article</b>' if hit.article in articles else ""
        score = f' <span class="score">· {hit.score:.2f}</span>' if hit.score is not None else ""
        items.append(f'<li>{_head(hit, verdict + score)}<p dir="auto">{words}</p></li>')
    more = len(row.hits) - PASSAGES
    rest = f'<p class="note">and {more} more</p>' if more > 0 else ""
    return _block("Passages shown", f'<ol class="passages">{"".join(items)}</ol>{rest}' if items else "")


def _cited_in(hit: Shown, citations: Iterable[Shown]) -> list[Span]:
    """Where the citations stand inside the passage, ascending, as far as its text is the article's."""
    if len(hit.text) != len(hit.span):
        return []
    found: list[Span] = []
    for span in sorted(c.span for c in citations if c.article == hit.article and c.span.overlaps(hit.span)):
        start = max(span.start, hit.span.start, found[-1].end + hit.span.start if found else 0)
        end = min(span.end, hit.span.end)
        if start < end:
            found.append(Span(start - hit.span.start, end - hit.span.start))
    return found


def _evidence(row: Row, length: int) -> str:
    return _block("Evidence", _lines(_place(row, place, length) for place in row.places))


def _place(row: Row, place: Place, length: int) -> str:
    titles = (one.title for one in (*row.citations, *row.hits) if one.article == place.article and one.title)
    name = f"<bdi>{shown(next(titles, place.article))}</bdi>"
    if place.span is None:
        return f'<span class="place">{name}, the whole article</span>'
    words = excerpt_html(place.text, gold_spans(place.text, row.question.answers), (), length)
    return f'{words} <span class="place">{name} {place.span.start}–{place.span.end}</span>'


def _facts(row: Row) -> str:
    scores = [f"{one.name} {number_text(one.name, row.scores[one.name])}" for one in ordered(row.scores)]
    tags = ", ".join(row.question.tags)
    took = row.milliseconds.get("total")
    parts = [row.question.id, *([tags] if tags else []), *([f"{took:,.0f} ms"] if took is not None else [])]
    return f'<p class="facts" dir="auto">{shown(" · ".join([*parts, *scores]))}</p>'

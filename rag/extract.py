"""Question and hits to a draft answer made of article sentences, without a language model.

Picks the sentences, tells how sure it is, and words each one so that it reads on its own. Does not
number citations (see `rag.cite`) and does not decide whether to abstain (see `rag.assistant`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from index.types import Hit, Passage, Span
from index.words import content_stems, stems
from rag.judge import Judge, gather_evidence
from rag.leaning import CITED_BEFORE
from rag.question import Reading
from rag.signals import SIGNALS, Candidate, signals
from rag.sources import Sources
from rag.wording import MAX_SENTENCES, MAX_WORDS, Statement, tells_new, word_statements

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_WORDS_SPOKEN = 90
_EMBEDDED = 28
READ = 20
_STATEMENTS_READ = 40
_MARGIN = 5.0
_ON_TOPIC = 0.2  # of the topic's weight, in a speaker's words or beside them
_CITED_BEFORE_WEIGHT = 2.0
_SURE_OF_ANYTHING = 0.75
_CROSS, _COSINE = SIGNALS.index("cross"), SIGNALS.index("cosine")
_ENDS = re.compile(r"[.!?…:;][”\"’')\]]*$|[”\"]$")


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before numbering.

    `confidence` is 0..1; `missing` says in words why it is 0; `spoken` tells that the speaker asked
    about says the best sentence; `ranked` are the sentences that were weighed, best first.
    """

    statements: tuple[Statement, ...]
    confidence: float
    missing: str = ""
    spoken: bool = False
    ranked: tuple[Candidate, ...] = ()


def draft_answer(
    reading: Reading,
    vector: NDArray[np.float32],
    hits: Sequence[Hit],
    sources: Sources,
    judge: Judge,
    *,
    given: bool = False,
) -> Draft:
    """The best sentences of the hits to read, best article first. `vector` is the question's embedding.

    `given` tells that the articles came with the question, instead of being found in an archive.
    """
    candidates = find_candidates(reading, hits, sources)
    if not candidates:
        return Draft((), 0.0, _missing(reading))
    candidates, rows = measure(reading, vector, candidates, sources, judge)
    scores = judge.weights.rank(rows) + [_CITED_BEFORE_WEIGHT * _nearness(c) for c in candidates]
    best = int(scores.argmax())
    spoken = bool(rows[best, SIGNALS.index("speaker")])
    chosen = _choose(candidates, scores, spoken=spoken)
    on_topic = spoken and bool(rows[best, SIGNALS.index("near_coverage")] >= _ON_TOPIC)
    told = _lift_speech(rows) if on_topic else rows
    confidence = judge.weights.sureness_of_given(rows) if given and not spoken else None
    if confidence is None:
        confidence = judge.weights.sureness(gather_evidence(told, scores, best), spoken=on_topic)
    if reading.anything and (spoken or _is_headed(reading, candidates[best].hit)):
        confidence = max(confidence, _SURE_OF_ANYTHING)
    statements = word_statements([candidates[i] for i in chosen], sources, reading)
    ranked = tuple(candidates[i] for i in (-scores).argsort(kind="stable"))
    return Draft(statements, confidence, spoken=spoken, ranked=ranked)


def _is_headed(reading: Reading, hit: Hit) -> bool:
    """Whether the headline names all that is asked about: then its article tells of it."""
    return set(reading.topic) <= set(stems(hit.head.title))


def _missing(reading: Reading) -> str:
    if not reading.speaker:
        return "nothing was found"
    return f"no statement of this speaker{' and time' if reading.time.days else ''} was found"


def measure(
    reading: Reading,
    vector: NDArray[np.float32],
    candidates: Sequence[Candidate],
    sources: Sources,
    judge: Judge,
) -> tuple[list[Candidate], NDArray[np.float64]]:
    """The most promising candidates and their signals; only these are embedded, and fewer are read."""
    import numpy as np

    guess = [c.hit.parts.get("dense", 0.0) for c in candidates]
    kept, rows = _keep(candidates, signals(reading, candidates, guess, sources.weigh), judge, _EMBEDDED)
    rows[:, _COSINE] = sources.embed([c.text for c in kept]) @ vector
    if judge.cross:
        kept, rows = _keep(kept, rows, judge, READ)
        rows[:, _CROSS] = judge.cross.score(reading.matter, [c.text for c in kept])
    return kept, np.asarray(rows)


def _keep(
    candidates: Sequence[Candidate], rows: NDArray[np.float64], judge: Judge, most: int
) -> tuple[list[Candidate], NDArray[np.float64]]:
    """The `most` candidates that look best before they are read, best first."""
    import numpy as np

    order = np.argsort(-judge.first.rank(rows), kind="stable")[:most]
    return [candidates[i] for i in order], rows[order]


def _lift_speech(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Somebody's words on a topic seldom name it: what stands around them counts nearly as much."""
    import numpy as np

    cosine, passage_cosine, coverage, near, passage = range(_COSINE, _COSINE + 5)
    lifted = rows.copy()
    around = np.maximum(0.9 * rows[:, near], 0.8 * rows[:, passage])
    lifted[:, coverage] = np.maximum(rows[:, coverage], around)
    lifted[:, cosine] = np.maximum(rows[:, cosine], 0.9 * rows[:, passage_cosine])
    return lifted


def find_candidates(reading: Reading, hits: Sequence[Hit], sources: Sources) -> list[Candidate]:
    """Sentences of the hits that could answer.

    Asked for somebody's words, also all that this speaker says elsewhere in the same articles; and
    then nothing else: words of others are no answer, so there may be none. Asked when somebody said
    something, or how somebody reacted, nothing else if this speaker says anything where it is asked of.
    """
    spoken = _spoken(reading, hits, sources) if reading.speaker else []
    if reading.kind == "said" or (reading.kind in ("when", "other") and _settles(spoken, hits)):
        return spoken
    seen = {(c.hit.head.id, c.span) for c in spoken}
    plain = [
        candidate
        for rank, hit in enumerate(hits, start=1)
        for candidate in _of_passage(hit, rank, hit.passage, sources)
        if (hit.head.id, candidate.span) not in seen
    ]
    return spoken + _naming(_of_time(plain, reading), reading, hits)


def _naming(candidates: list[Candidate], reading: Reading, hits: Sequence[Hit]) -> list[Candidate]:
    """Asked how somebody reacted, the sentences that name this one, if there are any where it is asked of."""
    if reading.kind != "other" or not reading.speaker:
        return candidates
    named = [c for c in candidates if reading.speaker[-1] in stems(c.text)]
    return named if _settles(named, hits) else candidates


def _of_time(candidates: Sequence[Candidate], reading: Reading) -> list[Candidate]:
    """Those that are of the time somebody's words are asked of; see `rag.times`."""
    return [c for c in candidates if reading.time.admits(c.speech.said_on, c.hit.head.published)]


def _settles(spoken: Sequence[Candidate], hits: Sequence[Hit]) -> bool:
    """Whether some of the words are about as near to what was cited before as the nearest of the hits."""
    nearest = max((hit.parts.get(CITED_BEFORE, 0.0) for hit in hits), default=0.0)
    return any(_nearness(c) >= nearest / 2 for c in spoken)


def _nearness(c: Candidate) -> float:
    """How near it is to what the answer before cites: 0 to 1, 0 for all where nothing was to be completed."""
    return c.hit.parts.get(CITED_BEFORE, 0.0)


def _spoken(reading: Reading, hits: Sequence[Hit], sources: Sources) -> list[Candidate]:
    """What the one asked about says in the articles of the hits; else what is said on behalf of it."""
    said = list(_sentences(hits, sources))
    own = [[c for c in article if reading.means(c.speech.speaker)] for article in said]
    if not any(own):
        own = [[c for c in article if reading.is_spoken_for_by(c.speech.source)] for article in said]
    found = _of_time([replace(c, asked=True) for mine in own for c in (*mine, *_joined(mine))], reading)
    topic = set(reading.topic)
    return sorted(found, key=lambda c: -len(topic & set(stems(f"{c.before} {c.text} {c.after}"))))[
        :_STATEMENTS_READ
    ]


def _sentences(hits: Sequence[Hit], sources: Sources) -> Iterator[list[Candidate]]:
    """The sentences of each article of the hits, all of them."""
    shown = {hit.passage.id: hit for hit in hits}
    first: dict[str, tuple[int, Hit]] = {}
    for rank, hit in enumerate(hits, start=1):
        first.setdefault(hit.head.id, (rank, hit))
    for article_id, (rank, hit) in first.items():
        yield [
            candidate
            for passage in sources.passages(article_id)
            for candidate in _of_passage(
                shown.get(passage.id) or replace(hit, passage=passage), rank, passage, sources
            )
        ]


def _joined(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Neighbouring statements of one speaker taken together: a quotation often needs two sentences."""
    pairs = []
    for a, b in pairwise(candidates):
        gap = a.hit.passage.text[
            a.span.end - a.hit.passage.span.start : b.span.start - a.hit.passage.span.start
        ]
        text = f"{a.text} {b.text}"
        if not gap.strip() and (b.speech.quoted or a.speech.quoted) and len(text.split()) <= MAX_WORDS:
            span = Span(a.span.start, b.span.end)
            pairs.append(Candidate(a.hit, a.rank, span, text, a.before, b.after, a.speech))
    return pairs


def _of_passage(hit: Hit, rank: int, passage: Passage, sources: Sources) -> list[Candidate]:
    spans = passage.parts
    texts = [passage.words(span) for span in spans]
    around = ["", *texts, ""]
    return [
        Candidate(hit, rank, span, text, around[i], around[i + 2], sources.speech(hit.head.id, span))
        for i, (span, text) in enumerate(zip(spans, texts, strict=True))
        if _can_answer(text, hit.head.title)
        and not _is_bare_line(text, passage.text[span.end - passage.span.start :])
    ]


def _can_answer(text: str, title: str) -> bool:
    """Not the headline, a credit or another bare line: those are no sentences to answer with."""
    words = re.findall(r"\w+", text.lower())
    if len(words) < 3 or words == re.findall(r"\w+", title.lower()):
        return False
    return len(words) >= 9 or bool(_ENDS.search(text))


def _is_bare_line(text: str, rest: str) -> bool:
    """A line of its own without an end: a deck, a subheading, a label. List items and figures may answer."""
    alone = rest.startswith("\n") and not _ENDS.search(text)
    return alone and len(text.split()) <= 25 and not re.search(r"\d|^[-•*–·]", text)


def _choose(candidates: Sequence[Candidate], scores: NDArray[np.float64], *, spoken: bool) -> list[int]:
    """Indices of the sentences to show: the best, then others that are near it and add something."""
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    chosen: list[int] = []
    words = 0
    told: set[str] = set()
    for i in order:
        c = candidates[i]
        length = len(c.text.split())
        most = MAX_WORDS_SPOKEN if spoken else MAX_WORDS
        if chosen and (scores[order[0]] - scores[i] > _MARGIN or words + length > most):
            continue
        if _nearness(c) < _nearness(candidates[order[0]]) / 2:
            continue
        new = set(content_stems(c.text))
        if chosen and (_overlaps(c, [candidates[j] for j in chosen]) or not tells_new(new, told)):
            continue
        chosen.append(i)
        words += length
        told |= new
        if len(chosen) == MAX_SENTENCES:
            break
    return chosen


def _overlaps(c: Candidate, others: Sequence[Candidate]) -> bool:
    return any(c.hit.head.id == o.hit.head.id and c.span.overlaps(o.span) for o in others)

"""Sentences with what they cite, faithful and broken: what `checker` measures and `--fit` fits on.

Faithful: sentences of articles reworded by rule, and sentences of people's reference answers against the
passages those were written from. Broken: both of these after `breaks`, and true sentences that cite the
wrong passage. Everything follows from the suites and one seed. Articles fall into two halves by a hash of
their id: one to look at and fit on, one to report.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.breaks import BREAKS, Ground
from benchmarks.rewordings import Ground as Telling
from benchmarks.rewordings import reword
from benchmarks.training import SEED, read_records, section_of
from index.sentences import sentences
from index.types import ArticleHead, Span
from rag.speech import Speech, full_name, read_speech
from rag.verify.verifier import Evidence

NEWS = ("news-2022", "ukraine", "polnear")
REFERENCES = ("clapnq", "mtrag")
_AROUND = 400


@dataclass(frozen=True, slots=True)
class Case:
    """A claim with its evidence; `kind` is how it came about, `half` 0 to look at and 1 to report."""

    source: str
    group: str
    kind: str
    claim: str
    evidence: tuple[Evidence, ...]
    faithful: bool

    @property
    def half(self) -> int:
        return hashlib.sha256(self.group.encode()).digest()[0] % 2


@dataclass(frozen=True, slots=True)
class Page:
    """One article with its sentences."""

    head: ArticleHead
    text: str
    spans: list[Span]
    speech: list[Speech]

    def evidence(self, first: int, last: int) -> Evidence:
        """Sentences `first` to `last` (included) as evidence."""
        start, end = self.spans[first].start, self.spans[last].end
        return Evidence(self.text[start:end], self.head, self.text[max(0, start - _AROUND) : end + _AROUND])


def article_cases(suite: Path, articles: int, a_page: int = 5) -> Iterator[Case]:
    """Cases from a sample of a suite's articles, at most `a_page` sentences of each."""
    random = Random(SEED)
    records = list(_records(suite / "articles.jsonl.gz"))
    for record in random.sample(records, min(articles, len(records))):
        page = read_page(record)
        yield from page_cases(suite.name, page, random, a_page)


def training_cases(path: Path, sections: int) -> Iterator[Case]:
    """Cases from the sections of the training file: encyclopedia text, which may be fitted on."""
    random = Random(SEED)
    found = {section_of(r): r for r in read_records(path)}
    for key in random.sample(sorted(found), min(sections, len(found))):
        text = " ".join(s["text"] for s in found[key]["sentences"])
        name = hashlib.sha256(key.encode()).hexdigest()[:12]
        yield from page_cases("training", read_page({"id": name, "title": "", "text": text}), random, 4)


def page_cases(source: str, page: Page, random: Random, most: int) -> Iterator[Case]:
    """Faithful and broken cases of one article."""
    fitting = [i for i, span in enumerate(page.spans) if _fits(span.of(page.text))]
    for i in random.sample(fitting, min(most, len(fitting))):
        yield from _sentence_cases(source, page, i, random)


def _sentence_cases(source: str, page: Page, i: int, random: Random) -> Iterator[Case]:
    sentence = " ".join(page.spans[i].of(page.text).split())
    first, last = max(0, i - random.randint(0, 2)), min(len(page.spans) - 1, i + random.randint(0, 2))
    shown = page.evidence(first, last)
    speaker = page.speech[i].speaker if not page.speech[i].named else ""
    speaker = full_name(speaker, page.text) if speaker else ""
    known = bool(speaker) and speaker.split()[-1] in shown.around
    telling = Telling(speaker if known else "", page.head.source or "", page.head.published)
    other = reword(sentence, telling, random)

    def case(kind: str, claim: str, evidence: Evidence = shown, faithful: bool = False) -> Case:
        return Case(source, page.head.id, kind, claim, (evidence,), faithful)

    yield case("verbatim" if other == sentence else "reworded", other, faithful=True)
    ground = Ground(" ".join(shown.text.split()), page.text, full_name(page.speech[i].speaker, page.text))
    for kind, rule in BREAKS.items():
        base = other if random.random() < 0.5 else sentence
        broken = rule(base, ground, random) or rule(sentence, ground, random)
        if broken and broken not in (sentence, other):
            yield case(kind, broken)
    if len(page.spans) > 12:
        far = [j for j in range(1, len(page.spans) - 3) if abs(j - i) > 5]
        away = random.choice(far) if far else 0
        elsewhere = page.evidence(away, min(len(page.spans) - 1, away + 3))
        if sentence not in elsewhere.text and sentence not in elsewhere.around:
            yield case("passage, of the same article", other, elsewhere)


def reference_cases(suite: Path) -> Iterator[Case]:
    """Cases from people's answers: each sentence against all passages the answer was written from."""
    random = Random(SEED)
    records = {r["id"]: r for r in _records(suite / "articles.jsonl.gz")}
    questions = [json.loads(line) for line in (suite / "questions.jsonl").read_text("utf-8").splitlines()]
    questions = [q for q in questions if q["evidence"] and q.get("reference")]
    for place, question in enumerate(questions):
        evidence = tuple(_cited(e, records) for e in question["evidence"])
        wrong = questions[(place + 7) % len(questions)]["evidence"]
        for claim in _claims(question["reference"]):
            group = question["evidence"][0]["article"]
            yield Case(suite.name, group, "reference", claim, evidence, True)
            yield Case(
                suite.name,
                group,
                "passage, of another article",
                claim,
                tuple(_cited(e, records) for e in wrong),
                False,
            )
            ground = Ground(" ".join(e.text for e in evidence), " ".join(e.text for e in evidence))
            for kind, rule in BREAKS.items():
                broken = rule(claim, ground, random)
                if broken and broken != claim:
                    yield Case(suite.name, group, kind, broken, evidence, False)


def other_passages(cases: Sequence[Case]) -> Iterator[Case]:
    """Faithful cases of articles with the evidence of another article."""
    faithful = [c for c in cases if c.kind in ("reworded", "verbatim")]
    random = Random(SEED)
    for case in faithful[::3]:
        other = random.choice(faithful)
        if other.group != case.group:
            yield Case(
                case.source, case.group, "passage, of another article", case.claim, other.evidence, False
            )


def read_page(record: dict[str, Any]) -> Page:
    """An article of a suite, its sentences cut and its speakers read."""
    text = record["text"].replace("%2C", ",")
    spans = sentences(text)
    published = date.fromisoformat(record["published"]) if record.get("published") else None
    head = ArticleHead(record["id"], record.get("title") or "", record.get("source"), published)
    return Page(head, text, spans, read_speech(text, spans))


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _cited(evidence: dict[str, Any], records: dict[str, Any]) -> Evidence:
    page = records[evidence["article"]]
    start, end = evidence["start"] or 0, evidence["end"] or len(page["text"])
    head = ArticleHead(page["id"], page["title"] or "", None)
    return Evidence(page["text"][start:end], head, page["text"][max(0, start - _AROUND) : end + _AROUND])


def _claims(answer: str) -> list[str]:
    found = [span.of(answer) for span in sentences(answer)]
    return [" ".join(c.split()) for c in found if len(c.split()) >= 5 and not c.rstrip().endswith("?")]


def _fits(sentence: str) -> bool:
    """A whole sentence with something to say: no headline, no scrap of a page."""
    words = sentence.split()
    return (
        8 <= len(words) <= 45 and bool(re.search(r"[a-z][.”\"]{1,2}$", sentence)) and sentence[0] not in "(-•"
    )

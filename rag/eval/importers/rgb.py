"""RGB (Chen et al., 2024): answering from a few given documents, some of them noise.

A file of JSON lines: {"id", "query", "answer", "positive": [document], "negative": [document]}. In *_int.json
`positive` is a list of documents for each part of the answer; *_fact.json has `positive_wrong`, the same
documents with a false answer, beside `positive`. Which documents a question gets is what `processdata` of
the authors' evalue.py picks, with its seed.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from index.loading.draft import digest
from rag.eval.importers.gather import Gathered, evidence
from rag.eval.importers.read import Record, first_file, kind_of, records
from rag.eval.types import SuiteError

SETTINGS = {
    "noise_rate": "shares of noise documents, by commas; 1 makes refusal questions "
    "(default 0.2,0.6,1; for *_int 0,0.4; for *_fact 0)",
    "passage_num": "documents a question (default 5)",
    "correct_rate": "in *_fact, the share of documents without the false answer (default 0)",
}
_RATES = {"int": "0,0.4", "fact": "0", "plain": "0.2,0.6,1"}
_SEED = 2333  # of evalue.py, set anew for each question


@dataclass(frozen=True, slots=True)
class _Setup:
    layout: str
    rates: tuple[float, ...]
    passages: int
    correct: float


@dataclass(frozen=True, slots=True)
class _Picked:
    """The documents of a question: those that tell the answer, and all others."""

    telling: list[str]
    others: list[str]


def gather(path: Path, settings: Mapping[str, str]) -> Gathered:
    """The suite in an RGB file, or in en_refine.json, else en.json, of a folder. Raises SuiteError."""
    path = _file(path)
    layout = next((kind for kind in ("int", "fact") if f"_{kind}" in path.name), "plain")
    setup = _setup(layout, settings)
    gathered = Gathered()
    for record in records(path):
        for rate in setup.rates:
            _take(gathered, record, rate, setup)
    gathered.notes.append(
        f"Each question has its own {setup.passages} documents or fewer, picked as evalue.py picks them; "
        "they are untitled excerpts. Right in the authors' sense: every answer group has a variant that is a "
        "lower-cased substring of the answer. Tag answer-in-noise: a noise document holds all of the answer."
    )
    if layout == "fact":
        gathered.notes.append(
            "Tag counterfactual: documents tell a false answer (fake_answer). With correct_rate 0 none holds "
            "the right one, so abstaining is no fault."
        )
    return gathered


def _file(path: Path) -> Path:
    if not path.is_dir():
        return path
    for folder in (path, path / "data"):
        found = first_file(folder, ["en_refine.json", "en.json"])
        if found is not None:
            return found
    raise SuiteError(f"found no en_refine.json or en.json in {path}; name a file such as data/en_int.json")


def _setup(layout: str, settings: Mapping[str, str]) -> _Setup:
    asked = settings.get("noise_rate", _RATES[layout]).split(",")
    rates = tuple(dict.fromkeys(_share(rate, "noise_rate") for rate in asked))
    passages = settings.get("passage_num", "5")
    if not passages.isascii() or not passages.isdigit() or not 1 <= int(passages[:5]) <= 1000:
        raise SuiteError(f'field passage_num is "{passages}", wanted a whole number from 1 to 1000')
    return _Setup(layout, rates, int(passages[:5]), _share(settings.get("correct_rate", "0"), "correct_rate"))


def _share(text: str, name: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise SuiteError(f'field {name} is "{text}", wanted numbers from 0 to 1')
    return share


def _take(gathered: Gathered, record: Record, rate: float, setup: _Setup) -> None:
    refusal = rate == 1 and setup.layout == "plain"
    picked = _picked(record, rate, setup)
    answers = _answers(record)
    if not answers and not refusal:
        gathered.drop("questions without an answer")
        return
    telling = _documents(gathered, picked.telling)
    others = _documents(gathered, picked.others)
    if not telling and not others:
        gathered.drop("questions without documents")
        return
    # A document on both lists is evidence.
    noise = [gathered.text_of(article) for article in others if article not in telling]
    fake = {"fake_answer": record.text("fakeanswer", missing="")} if setup.layout == "fact" else {}
    gathered.question(
        f"rgb_{record.id('id')}@{'noise' if refusal else f'{rate:g}'}",
        record.text("query"),
        answers=[] if refusal else answers,
        answerable=not refusal,
        evidence=[] if refusal else [evidence(article) for article in telling],
        articles=list(dict.fromkeys([*telling, *others])),
        tags=_tags(noise, answers, rate, "refusal" if refusal else setup.layout),
        **fake,
    )


def _tags(noise: list[str], answers: list[list[str]], rate: float, layout: str) -> list[str]:
    tags = ["noise-only" if layout == "refusal" else f"noise-{rate:g}"]
    if layout == "fact":
        return [*tags, "counterfactual"]
    if any(_holds(text.lower(), answers) for text in noise):
        tags.append("answer-in-noise")
    return [*tags, "integration"] if layout == "int" else tags


def _holds(text: str, answers: list[list[str]]) -> bool:
    return bool(answers) and all(any(variant.lower() in text for variant in group) for group in answers)


def _documents(gathered: Gathered, texts: list[str]) -> list[str]:
    taken = (gathered.article(digest(text), {"text": text}, shared=True) for text in texts)
    return list(dict.fromkeys(article for article in taken if article is not None))


def _answers(record: Record) -> list[list[str]]:
    """A text is one group; in a list each text is a group, each list a group of variants."""
    value: Any = record.fields.get("answer")
    found = value if isinstance(value, list) else [value]
    groups = [item if isinstance(item, list) else [item] for item in found]
    if not all(isinstance(text, str) for group in groups for text in group):
        raise SuiteError(
            f'{record.where}: "answer" is {kind_of(value)}, wanted a text, texts, or lists of variants'
        )
    return [kept for group in groups if (kept := [text for text in group if text.strip()])]


def _picked(record: Record, rate: float, setup: _Setup) -> _Picked:
    draw = random.Random(_SEED)
    if setup.layout == "int":
        return _integrated(record, rate, setup.passages, draw)
    if setup.layout == "fact":
        return _counterfactual(record, rate, setup, draw)
    positive, negative = record.texts("positive"), record.texts("negative")
    noise = ceil(setup.passages * rate)
    wanted = setup.passages - noise
    if rate < 1 and noise > len(negative):
        noise, wanted = len(negative), setup.passages - len(negative)
    elif rate < 1 and wanted > len(positive):
        wanted, noise = len(positive), setup.passages - len(positive)
    return _Picked(positive[:wanted], negative[:noise])


def _integrated(record: Record, rate: float, passages: int, draw: random.Random) -> _Picked:
    """One document for each part of the answer, then a second one each, up to the wanted number."""
    parts = [
        Record(f'{record.where}, "positive"', {"documents": part}).texts("documents")
        for part in record.items("positive")
    ]
    for part in parts:
        draw.shuffle(part)
    wanted = passages - ceil(passages * rate)
    by_turn = [part[turn] for turn in range(max(map(len, parts), default=0)) for part in parts if part[turn:]]
    first = sum(bool(part) for part in parts)
    telling = by_turn[: max(first, wanted)]
    return _Picked(telling, record.texts("negative")[: max(0, passages - len(telling))])


def _counterfactual(record: Record, rate: float, setup: _Setup, draw: random.Random) -> _Picked:
    """Documents with the false answer, then some of the others with the right one, then noise."""
    right, wrong = record.texts("positive"), record.texts("positive_wrong")
    if len(right) != len(wrong):
        raise SuiteError(f"{record.where}: positive_wrong and positive differ in number, wanted pairs")
    noise, correct = ceil(setup.passages * rate), ceil(setup.passages * setup.correct)
    places = list(range(len(right)))
    false = draw.sample(places, max(0, min(len(places), setup.passages - noise - correct)))
    remain = [place for place in places if place not in false]
    true = draw.sample(remain, min(len(remain), correct)) if correct and remain else []
    others = [wrong[place] for place in false] + record.texts("negative")[:noise]
    return _Picked([right[place] for place in true], others)

"""RealTimeQA (Kasai et al., 2023): weekly news quizzes and the articles a web search returned for them.

In the repository, past/YEAR/DATE_qa.jsonl holds a week's questions ({"question_id", "question_date",
"question_source", "question_sentence", "choices", "answer": [indexes as text], "evidence": HTML}),
DATE_gcs.jsonl beside it what was retrieved ({"question_id", "search_result": [{"url", "title", "text",
"publish_date"}]}, without text where a page was gone), DATE_gold.jsonl the pages linked in `evidence`.
Variants of the questions (_qa_nota), weeks taken together and the systems' outputs are passed over.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from index.loading.draft import digest
from rag.eval.importers.gather import Gathered, evidence, iso_day
from rag.eval.importers.read import Record, first_file, records
from rag.eval.types import SuiteError

SETTINGS = {"year": "only the weeks of this year"}
_WEEK = re.compile(r"([0-9]{8})_qa\.jsonl(\.gz)?")
_LINK = re.compile(r"""href\s*=\s*["']([^"'<>]+)""", re.IGNORECASE)
_QUOTES = "\"'“”‘’"
_MAX_SLIP_DAYS = 10
_FEWEST_WORDS = 5  # of a question that is looked for in the pool: a shorter one may stand there by chance
_GENERIC = frozenset(
    ("all of the above", "all of these", "none of the above", "none of these", "both", "both of the above")
) | {"neither", "true", "false", "yes", "no"}


@dataclass(slots=True)
class _Pool:
    """Pages by address: of several copies the longest text; and per question the addresses retrieved."""

    pages: dict[str, dict[str, str]] = field(default_factory=dict)
    retrieved: dict[str, list[str]] = field(default_factory=dict)
    without_text: int = 0


def gather(path: Path, settings: Mapping[str, str]) -> Gathered:
    """The suite in a clone, its past/ or past/YEAR, or one DATE_qa.jsonl. Raises SuiteError."""
    weeks = _weeks(path, settings.get("year"))
    pool, asked = _Pool(), list[Record]()
    for week in weeks:
        asked += records(week)
        for kind in ("gcs", "gold"):
            pages = first_file(week.parent, [f"{week.name[:8]}_{kind}.jsonl"])
            for record in records(pages) if pages else ():
                _pool_pages(pool, record, searched=kind == "gcs")
    gathered = Gathered()
    ids = _take_pages(gathered, pool)
    words = {article: f" {_plain(known['text'])} " for article, known in gathered.articles.items()}
    repeated = _repeated(words.values(), [record.text("question_sentence") for record in asked])
    for record in asked:
        found = pool.retrieved.get(record.id("question_id"), [])
        told = [words[ids[address]] for address in found if address in ids]
        also = ["question-in-pool"] if record.text("question_sentence") in repeated else []
        _take(gathered, record, ids, told, also)
    gathered.notes.append(
        "asked is the question's date (the week in its id where the two are more than ten days apart). All "
        "questions have a right answer in the world; whether the pool holds it was not judged. Tags: "
        "answer-in-retrieved = the right option stands in an article retrieved for the question; gold-url = "
        "evidence is the article the quiz links to; generic-answer = such as all of the above; except = the "
        "question ends in that word (left out in open generation by the authors); question-in-pool = an "
        "article repeats the question."
    )
    return gathered


def _weeks(path: Path, year: str | None) -> list[Path]:
    if path.is_file():
        if not _WEEK.fullmatch(path.name):
            raise SuiteError(f"{path.name} is no week of questions, wanted a name such as 20220617_qa.jsonl")
        return [path]
    try:
        folder = path / "past" if (path / "past").is_dir() else path
        found = sorted(p for p in folder.rglob("*_qa.jsonl*") if _WEEK.fullmatch(p.name) and p.is_file())
    except OSError as error:
        raise SuiteError(f"{path} cannot be looked through ({error.strerror})") from error
    weeks = [p for p in found if p.name.startswith(year or "")]
    if not weeks:
        raise SuiteError(
            f"found no questions such as past/{year or '2022'}/{year or '2022'}0617_qa.jsonl in {path}"
        )
    return weeks


def _pool_pages(pool: _Pool, record: Record, searched: bool) -> None:
    question = record.id("question_id")
    for page in record.records("search_result", missing=[]):
        address = page.text("url", missing="")
        text = page.text("text", missing="")
        if not address.strip() or not text.strip():
            pool.without_text += 1
            continue
        key = _key(address)
        known = pool.pages.setdefault(key, {"url": address.partition("#")[0], "text": ""})
        if len(text) > len(known["text"]):
            known["text"] = text
        known.setdefault("title", "")
        known["title"] = known["title"] or page.text("title", missing="")
        known["published"] = known.get("published") or page.text("publish_date", missing="")
        if searched:
            pool.retrieved.setdefault(question, []).append(key)


def _key(address: str) -> str:
    """The address without scheme, `www.` and fragment."""
    plain = address.strip().partition("#")[0]
    return re.sub(r"^[a-z]+://(?:www\.)?", "", plain, flags=re.IGNORECASE).rstrip("/")


def _take_pages(gathered: Gathered, pool: _Pool) -> dict[str, str]:
    """Addresses of the pool and the ids of their articles."""
    taken = ((key, gathered.article(digest(key), page)) for key, page in sorted(pool.pages.items()))
    if pool.without_text:
        gathered.drop("retrieved pages without text", pool.without_text)
    return {key: article for key, article in taken if article is not None}


def _repeated(pool: Iterable[str], questions: Iterable[str]) -> set[str]:
    """The questions of five words or more that an article of the pool repeats word for word."""
    by_start: dict[tuple[str, ...], list[tuple[list[str], str]]] = {}
    for question in questions:
        wanted = _plain(question).split()
        if len(wanted) >= _FEWEST_WORDS:
            by_start.setdefault(tuple(wanted[:_FEWEST_WORDS]), []).append((wanted, question))
    found = set()
    for text in pool:
        words = text.split()
        for start in range(len(words) - _FEWEST_WORDS + 1):
            for wanted, question in by_start.get(tuple(words[start : start + _FEWEST_WORDS]), ()):
                if words[start : start + len(wanted)] == wanted:
                    found.add(question)
    return found


def _take(
    gathered: Gathered, record: Record, ids: Mapping[str, str], told: list[str], also: list[str]
) -> None:
    choices, right = record.texts("choices", missing=[]), record.items("answer", missing=[])
    places = [_index(place, len(choices)) for place in right]
    if not places or None in places:
        gathered.drop("questions whose answer is none of their choices")
        return
    answers = [_variants(choices[place]) for place in places if place is not None]
    links = _LINK.findall(html.unescape(record.text("evidence", missing="")))
    linked = dict.fromkeys(ids[key] for link in links if (key := _key(link)) in ids)
    name, text = record.id("question_id"), record.text("question_sentence")
    gathered.question(
        name,
        text,
        asked=_asked(name, record.text("question_date", missing="")),
        answers=answers,
        choices=choices,
        evidence=[evidence(article) for article in linked],
        tags=[
            *also,
            *_sources(record),
            *(["gold-url"] if linked else []),
            *_answer_tags(answers, told),
            *(["except"] if "except" in text.lower().strip()[-10:] else []),
        ],
    )


def _index(value: Any, count: int) -> int | None:
    place = str(value).strip()
    return int(place) if re.fullmatch("[0-9]{1,3}", place) and int(place) < count else None


def _variants(choice: str) -> list[str]:
    """The option as it is given, and without the quotation marks around it."""
    return [kept for kept in dict.fromkeys([choice, choice.strip().strip(_QUOTES)]) if kept]


def _asked(name: str, written: str) -> str | None:
    day, week = iso_day(written), iso_day(name[:8]) if re.match("[0-9]{8}", name) else None
    if day and week:
        slip = abs((date.fromisoformat(day) - date.fromisoformat(week)).days)
        return week if slip > _MAX_SLIP_DAYS else day
    return day or week


def _sources(record: Record) -> Iterator[str]:
    source = " ".join(record.text("question_source", missing="").split())
    if source:
        yield f"source={source}"


def _answer_tags(answers: Iterable[list[str]], retrieved: list[str]) -> list[str]:
    tags = []
    if any(_plain(variant) in _GENERIC for group in answers for variant in group):
        tags.append("generic-answer")
    if any(all(any(_holds(text, v) for v in group) for group in answers) for text in retrieved):
        tags.append("answer-in-retrieved")
    return tags


def _holds(text: str, words: str) -> bool:
    """Whether the plain `text`, a space at both ends, has the words in their order."""
    wanted = _plain(words)
    return bool(wanted) and f" {wanted} " in text


def _plain(text: str) -> str:
    """Letters and digits in lower case, one space between words."""
    return " ".join(re.findall(r"\w+", text.lower()))

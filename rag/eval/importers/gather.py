"""What an importer collects: articles as they will be loaded, questions, and what was left out.

Knows the fields of a suite and nothing of the benchmarks or of files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from index.loading.draft import Flaw, day, digest, one_line
from index.loading.encoding import safe
from index.loading.records import draft_of

Range = tuple[int, int]

_MAX_ID_CHARS = 200
_UNSAFE_IN_IDS = frozenset(" <>\"'`\\")
_QUESTION: Mapping[str, Any] = {
    "asked": None,
    "answers": [],
    "choices": None,
    "answerable": True,
    "evidence": [],
    "history": [],
    "articles": None,
    "tags": [],
}


@dataclass(slots=True)
class Gathered:
    """The suite so far: articles and questions by id, notes for its reader, counts of what was dropped."""

    articles: dict[str, dict[str, Any]] = field(default_factory=dict)
    questions: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)

    def drop(self, why: str, count: int = 1) -> None:
        """Count something as left out."""
        if count:
            self.dropped[why] += count

    def article(self, name: str, record: Mapping[str, Any], shared: bool = False) -> str | None:
        """Take an article of fields text, title, url, source, published; its id in the suite.

        `text` is kept as loading it would keep it, so that offsets into it hold. None when it has no
        words. An id taken before keeps its first article, which is counted unless the words are the
        same and `shared` says that several questions bring them along.
        """
        key = article_id(name)
        found = draft_of({k: v for k, v in record.items() if k in _ARTICLE}, "")
        if isinstance(found, Flaw) or not any(c.isalnum() for c in found.text):
            self.drop("articles without words")
            return None
        known = self.articles.get(key)
        if known is not None:
            if not shared or known["text"] != found.text:
                self.drop("articles with an id already taken")
            return key
        self.articles[key] = {
            "id": key,
            "title": found.title,
            "text": found.text,
            "url": found.url,
            "source": found.source,
            "published": found.published.isoformat() if found.published else None,
        }
        return key

    def question(self, name: str, text: str, **known: Any) -> None:
        """Take a question; fields not `known` get what they are by default (answerable, no evidence)."""
        if not text.strip():
            self.drop("questions without words")
            return
        if not name.strip() or name in self.questions:
            self.drop("questions without an id" if not name.strip() else "questions with an id already taken")
            return
        record = {"id": name, "question": text, **_QUESTION, **known}
        record["tags"] = sorted(set(record["tags"]))
        self.questions[name] = record

    def text_of(self, article: str) -> str:
        """The text of a taken article."""
        return str(self.articles[article]["text"])


_ARTICLE = frozenset({"text", "title", "url", "source", "published"})


def article_id(name: str) -> str:
    """`name` if an archive keeps it as an id, else a hash that stands for it."""
    kept = one_line(name) == name and len(name) <= _MAX_ID_CHARS and not _UNSAFE_IN_IDS & set(name)
    return name if kept else f"id-{digest(name)}"


def evidence(article: str, span: Range | None = None, grade: int = 1) -> dict[str, Any]:
    """One piece of evidence: the span of the article's text, or all of it."""
    start, end = span or (None, None)
    return {"article": article, "start": start, "end": end, "grade": grade}


def groups(answers: Iterable[str]) -> list[list[str]]:
    """One group with the distinct answers that say something as its variants; no group if there is none."""
    variants = list(dict.fromkeys(answer.strip() for answer in answers if answer.strip()))
    return [variants] if variants else []


def iso_day(value: Any) -> str | None:
    """`YYYY-MM-DD` of a written day, None if it cannot be told."""
    found: date | None = day(value)
    return found.isoformat() if found else None


def locate(text: str, words: str, near: int | None = None) -> Range | None:
    """Where `words` stand in `text`: at `near`, else the nearest place to it, else the first one."""
    if not words:
        return None
    if near is None or near < 0:
        start = text.find(words)
    else:
        before, after = text.rfind(words, 0, near + len(words)), text.find(words, near)
        close = [place for place in (before, after) if place >= 0]
        start = min(close, key=lambda place: abs(place - near), default=-1)
    return (start, start + len(words)) if start >= 0 else None


def locate_spaced(text: str, words: str) -> Range | None:
    """Where `words` first stand in `text` when white space does not count."""
    exact = locate(text, words.strip())
    if exact:
        return exact
    wanted = "".join(words.split())
    places = [place for place, c in enumerate(text) if not c.isspace()]
    start = "".join(text[place] for place in places).find(wanted) if wanted else -1
    return (places[start], places[start + len(wanted) - 1] + 1) if start >= 0 else None


def tag(*words: str) -> str:
    """The words as one tag: lower case, hyphens for what is no letter or digit."""
    spaced = "".join(c if c.isalnum() or c in ".=" else " " for c in safe(" ".join(words)).lower())
    return "-".join(spaced.split())


def tags_of(words: Sequence[str]) -> list[str]:
    """A tag for each of `words` that says something."""
    return [made for made in map(tag, words) if made]

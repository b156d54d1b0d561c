"""Serves the page over an assistant that writes slowly: `python slow_page.py PORT FOLDER`.

What it does depends on a word of the question: "ever" goes on without end, "think" stays silent for a while
before the first word, "fail" breaks off, "mute" breaks off before the first word, "once" breaks off when it
is asked again, "nonsense" writes what no article bears out. It notes on stdout when it began and when it was
left.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from index.quotes import Quotes
from index.types import Article, ArticleHead, Hit, Passage, Span
from rag.config import Settings
from rag.conversations import FILE, Conversations
from rag.page.launch import launch
from rag.types import Answer, Citation, Claim, Support

HEARTBEAT_S = 0.25
PROBLEM = "openai:tiny said nothing for 60 s, wanted an answer: try again, or raise llm.timeout_s"
STORIES = (
    Article(
        "harbour",
        "Harbour to open after nine years",
        "The harbour will open in June, Mayor Ada Okoye said on Monday. “We have waited nine years,” she "
        "told the council. The works cost 46 million, twice what was planned. A ferry will sail three times "
        "a day.\n\n"
        + "\n\n".join(f"The council then turned to item {n} of the day, the drains." for n in range(40)),
        "https://gazette.example/harbour",
        "Sound Gazette",
        date(2021, 5, 3),
    ),
    Article(
        "council",
        "Council votes on the harbour <b>again</b>",
        "The vote was close: eleven members were for the plan and nine against it.",
        None,
        "Valley Herald",
        None,
    ),
)
Words = tuple[str, str, str, Support, str]
WRITTEN: tuple[Words, ...] = (
    ("“We have waited nine years,” Mayor Ada Okoye said.", "harbour", "We have waited", "verbatim", ""),
    (
        "A clear majority of the council backed her plan to open the port.",
        "council",
        "The vote",
        "supported",
        "",
    ),
    (
        "The works cost 64 million, <b>three times</b> what had been planned.",
        "harbour",
        "The works cost",
        "unsupported",
        "the number 64 is not in the source",
    ),
    ("Ferries are to leave three times every day.", "harbour", "A ferry", "supported", ""),
)
QUOTED: tuple[Words, ...] = (
    (
        "The harbour will open in June, Mayor Ada Okoye said on Monday.",
        "harbour",
        "The harbour",
        "verbatim",
        "",
    ),
)


def head(article: Article) -> ArticleHead:
    """The article's head."""
    return ArticleHead(article.id, article.title, article.source, article.published, article.url)


def sentence(article: Article, begins: str) -> Span:
    """The sentence of the article that holds these words."""
    at = article.text.index(begins)
    start = max(article.text.rfind(". ", 0, at) + 2, 0) if at else 0
    end = article.text.find(".", at)
    return Span(start, end + 1)


def hits() -> tuple[Hit, ...]:
    """A passage of each story."""
    return tuple(
        Hit(Passage(f"p-{one.id}", one.id, Span(0, min(180, len(one.text))), one.text[:180]), head(one), 1.0)
        for one in STORIES
    )


def answer(question: str, written: tuple[Words, ...], tail: str = "", **more: Any) -> Answer:
    """An answer of whole sentences, then some words that are not checked yet."""
    stories = {one.id: one for one in STORIES}
    text, citations, claims = "", [], []
    for n, (words, story, begins, support, reason) in enumerate(written, start=1):
        text += " " if text else ""
        claims.append(Claim(Span(len(text), len(text) + len(words)), support, 0.9, reason))
        text += f"{words} [{n}]"
        span, one = sentence(stories[story], begins), stories[story]
        at = Span(len(text) - len(f"[{n}]"), len(text))
        citations.append(Citation(n, head(one), f"p-{story}", span, span.of(one.text), at, support))
    text += (" " if text and tail else "") + tail
    trace = {"query": question, "llm": "openai:tiny"}
    made = Answer(question, text, text, tuple(citations), hits(), trace=trace, claims=tuple(claims))
    return replace(made, **more)


class Archive:
    """Two stories."""

    home = Path("nowhere")

    def article(self, article_id: str) -> Article:
        """The story, the first one for an id of no story."""
        return next((one for one in STORIES if one.id == article_id), STORIES[0])

    def list(self, words: str = "", **_: Any) -> tuple[list[Any], int]:
        """Nothing to list."""
        return [], 0

    def quotes(self, **_: Any) -> Quotes:
        """No statements."""
        return Quotes((), 0)

    def sources(self) -> tuple[str, ...]:
        """No outlets."""
        return ()

    def info(self) -> dict[str, Any]:
        """Two articles."""
        return {"articles": 2, "passages": 2, "sources": 2, "first": None, "last": None}


class Assistant:
    """Writes its answer word by word."""

    archive = Archive()
    settings = Settings.model_construct()

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def ask(self, question: str, **_: Any) -> Answer:
        """The whole answer."""
        return list(self.stream(question))[-1]

    def quote(self, question: str, **_: Any) -> Answer:
        """An answer of article sentences, which comes at once."""
        return answer(question, QUOTED)

    def stream(self, question: str, **_: Any) -> Iterator[Answer]:
        """The answer as it grows."""
        print("began", flush=True)
        try:
            yield from self._grow(question)
            print("ended", flush=True)
        finally:
            print("left", flush=True)

    def _grow(self, question: str) -> Iterator[Answer]:
        yield from _wait(answer(question, (), done=False), 3 if "think" in question else 0.5)
        if "mute" in question:
            yield answer(question, (), problem=PROBLEM, instead=answer("", QUOTED, trace={}))
            return
        for n, said in enumerate(WRITTEN):
            words = said[0].split()
            for i in range(1, len(words)):
                yield from _wait(answer(question, WRITTEN[:n], " ".join(words[:i]), done=False), 0.06)
            if n == 2 and ("fail" in question or ("once" in question and question in self.asked)):
                cut = {"problem": PROBLEM, "instead": answer("", QUOTED, trace={})}
                yield answer(question, WRITTEN[:n], " ".join(words[:4]), **cut)
                return
        if "nonsense" in question:
            trace = {"query": question, "llm": "openai:tiny", "unborne": "<b>All</b> is well.\nTrust me. [1]"}
            yield Answer(question, "The articles do not answer this.", "", (), hits(), True, trace)
            return
        for n in count() if "ever" in question else ():
            tail = " ".join(f"word{i}" for i in range(n))
            yield from _wait(answer(question, WRITTEN, tail, done=False), 0.2)
        self.asked.add(question)
        yield answer(question, WRITTEN)


def _wait(now: Answer, seconds: float) -> Iterator[Answer]:
    """The same answer again and again while nothing comes."""
    until = time.monotonic() + seconds
    yield now
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, HEARTBEAT_S))
        yield now


if __name__ == "__main__":
    kept = Conversations(Path(sys.argv[2]) / FILE)
    launch(Assistant(), port=int(sys.argv[1]), conversations=kept)  # type: ignore[arg-type]

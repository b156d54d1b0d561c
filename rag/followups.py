"""Questions to go on with after an answer, made from the articles it cites or found; only such as get one.

What a named person says there of something the headline names, or of what was just asked about, becomes
"What did Mykhailo Podolyak say about the truce?". It is offered when the assistant, asked it strictly, cites
that very article with words the answer did not have. English articles only. It does not know the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Unpack

from index.types import Article, Filters
from index.words import content_stems
from rag.examples import fits, person_in, question_about, questions_in, topics
from rag.types import Answer

if TYPE_CHECKING:
    from index.quotes import Quote
    from rag.assistant import Asking, Assistant

MOST = 3
MAX_TRIES = 8
MAX_ARTICLES = 5
AROUND = 160
NEARLY_AS_WELL = 0.8
"""Of the best hit's score: articles found less well are about something else too often."""
_ABOUT = re.compile(r"\babout (?P<topic>[^?]{3,60}?)\s*\?*$")


def followups(
    assistant: Assistant, answer: Answer, before: Sequence[str] = (), **given: Unpack[Asking]
) -> Iterator[tuple[str, ...]]:
    """At most MOST questions that are answered with words which `answer` does not cite.

    Those found so far come before each that is tried, as trying takes as long as answering, and all in the
    end: whoever has something better to do stops in between. `before` are the questions of the conversation,
    none of which comes again; `given` is what will be said with the next one, its history left out.
    """
    found: list[str] = []
    known = [set(content_stems(question)) for question in (answer.question, *before)]
    cited = {(citation.head.id, citation.span) for citation in answer.citations}
    for tries, (article_id, question) in enumerate(_candidates(assistant, answer)):
        if len(found) == MOST or tries == MAX_TRIES:
            break
        stems = set(content_stems(question))
        if any(stems <= one or one <= stems for one in known):
            continue
        yield tuple(found)
        told = assistant.quote(question, **(given | {"abstain": "strict"}))
        places = {(citation.head.id, citation.span) for citation in told.citations}
        if article_id in {place[0] for place in places} and places - cited:
            found.append(question)
            known.append(stems)
    yield tuple(found)


def _candidates(assistant: Assistant, answer: Answer) -> Iterator[tuple[str, str]]:
    """Article ids with a question each: one of every article in turn, the cited ones first."""
    least = NEARLY_AS_WELL * max((hit.score for hit in answer.hits), default=0.0)
    ids = [citation.head.id for citation in answer.citations]
    ids += [hit.head.id for hit in answer.hits if hit.score >= least]
    ids = list(dict.fromkeys(ids))[:MAX_ARTICLES]
    quotes = assistant.archive.quotes(filters=Filters(articles=tuple(ids))).quotes if ids else ()
    topic = _topic(answer)
    made = []
    for article_id in ids:
        article = assistant.archive.article(article_id)
        said = [quote for quote in quotes if quote.head.id == article_id]
        made.append([(article_id, question) for question in _questions(article, said, topic)])
    turns = (one for place in range(MAX_TRIES) for some in made for one in some[place : place + 1])
    first: dict[str, str] = {}
    for article_id, question in turns:
        first.setdefault(question, article_id)
    yield from ((article_id, question) for question, article_id in first.items())


def _topic(answer: Answer) -> str:
    """What the question asks about, in its own words; "" when it does not say."""
    found = _ABOUT.search(str(answer.trace.get("query") or answer.question))
    return found["topic"] if found else ""


def _around(article: Article, quote: Quote) -> str:
    """A statement with the words shortly before and after it, which may name what it is about."""
    first, last = quote.attribution.content[0], quote.attribution.content[-1]
    return article.text[max(0, first.start - AROUND) : last.end + AROUND]


def _questions(article: Article, said: Sequence[Quote], topic: str) -> Iterator[str]:
    """Questions that the article may answer: its speakers on the topic, then on what its headline names."""
    if article.language not in (None, "en"):
        return
    people = {quote: person_in(quote.speaker, article.text) for quote in said}
    about = set(content_stems(topic))
    on_topic = (
        f"What did {name} say about {topic}?"
        for told in (attrgetter("text"), partial(_around, article))
        for quote, name in people.items()
        if name and about and about <= set(content_stems(told(quote)))
    )
    own = (
        question_about(name, found, article.text)
        for quote, name in people.items()
        for found in topics(quote.text, article.title)
        if name and fits(name, found, article.text)
    )
    yield from dict.fromkeys(chain(on_topic, own, questions_in(article)))

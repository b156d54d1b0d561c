"""Who else carries what an answer cites: the copies of the cited articles, for every way to answer.

Joins what the archive knows of whole articles with the near-copies of passages that search folded; knows
nothing of how answers look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from index.duplicates import earliest
from index.types import Hit
from rag.sources import Sources
from rag.types import Answer, Citation


def with_copies(answer: Answer, sources: Sources) -> Answer:
    """The answer with the copies of each citation: articles that carry the cited one's text or its passage.

    Earliest first, those of no day last; the cited article is not among them.
    """
    hits = {hit.passage.id: hit for hit in answer.hits}
    return replace(answer, citations=tuple(_carried(one, hits, sources) for one in answer.citations))


def _carried(citation: Citation, hits: Mapping[str, Hit], sources: Sources) -> Citation:
    cited, hit = citation.head.id, hits.get(citation.passage_id)
    heads = {head.id: head for head in (*sources.carriers(cited), *(hit.copies if hit else ()))}
    copies = sorted((head for head in heads.values() if head.id != cited), key=earliest)
    return replace(citation, copies=tuple(copies))

"""Article -> [Attribution]: who said what, with whom the words name and when it was said.

The only composition: read the tokens (`tagger`), put together what is reported (`reported`), resolve the
source to a name (`referents`), the day (`said`). Pure but for the weights, loaded once.
"""

from __future__ import annotations

from functools import cache

from index.attribution.marks import WITHIN, mark_states
from index.attribution.mentions import Mentions
from index.attribution.referents import Referents
from index.attribution.report import Report
from index.attribution.reported import find_reports
from index.attribution.said import said_on
from index.attribution.tagger import Tagger
from index.sentences import sentences
from index.types import Article, Attribution

ATTRIBUTING = "tagger-3-v3"
"""What attributions depend on besides the article; the number changes with the code or the weights."""


def attribute(article: Article) -> list[Attribution]:
    """The attributions of an article, in the order of their first content span.

    No two share a character of content. Raises EmbedderError when the packaged word vectors are missing.
    """
    spans = sentences(article.text)
    if not spans:
        return []
    reports = find_reports(article.text, _tagger().read(article.text, spans))
    states = mark_states(article.text)
    quoted = [_is_quoted(article.text, states, report) for report in reports]
    within = [span for report, all_ in zip(reports, quoted, strict=True) if all_ for span in report.content]
    referents = Referents(Mentions(article.text, spans), within)
    names = [referents.resolve(report.source) for report in reports]
    parts = zip(reports, names, quoted, strict=True)
    return [_attribution(article, report, name, all_) for report, name, all_ in parts]


def _attribution(article: Article, report: Report, name: str, quoted: bool) -> Attribution:
    content = tuple(report.content)
    source, cue = ((span,) if span else () for span in (report.source, report.cue))
    day, precision = said_on(article, content, source, cue)
    return Attribution(article.id, content, source, cue, name, quoted, day, precision)


def _is_quoted(text: str, states: bytearray, report: Report) -> bool:
    """Whether every letter and digit of the content lies inside double quotation marks."""
    places = [p for span in report.content for p in range(span.start, span.end) if text[p].isalnum()]
    return bool(places) and all(states[place] == WITHIN for place in places)


@cache
def _tagger() -> Tagger:
    from index.embed import has_bf16

    return Tagger(bf16=has_bf16())

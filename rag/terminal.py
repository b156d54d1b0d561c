"""What the command line prints for people: answers, hits, articles, reports.

Takes the types as they are and writes to a rich console. Text of articles is printed as it stands,
never read as markup, and without characters that could steer a terminal. Knows nothing of commands.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress
from rich.text import Text

from index.types import Article, ArticleHead, Hit
from rag.render.markup import copies_text
from rag.render.pieces import (
    IN_VAIN,
    UNFINISHED,
    Piece,
    doubt_text,
    lines_of,
    vain_text,
    version_text,
    written_text,
)
from rag.types import Answer, Citation
from rag.wire import dumps

if TYPE_CHECKING:
    from index.build import BuildReport
    from index.cleaning.offsets import Removed
    from index.fetching.feeds import Followed

# Direction overrides and isolates: harmless to a terminal, yet they can make a line read as another.
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SNIPPET_CHARACTERS = 300
_STYLES = {"unsupported": "dim strike", "unchecked": "dim"}


def safe(text: str) -> str:
    """The text with every control character but newline and tab shown as U+FFFD."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if _harmless(one) else "\ufffd" for one in text.replace("\r\n", "\n"))


def _harmless(character: str) -> bool:
    if character in "\n\t":
        return True
    return unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp") and character not in _DIRECTIONS


def line(value: object) -> str:
    """The value on one line, safe for a terminal."""
    return safe(" ".join(str(value).split()))


def console(file: TextIO) -> Console:
    """A console over `file` that reads no markup, adds none, and wraps lines only on a terminal."""
    return Console(file=file, markup=False, highlight=False, emoji=False, soft_wrap=not file.isatty())


def say(value: object) -> None:
    """Print one JSON document on stdout."""
    print(dumps(value, sys.stdout.encoding or "utf-8"))


def tell(value: object) -> None:
    """Print one line for people on stderr, where it disturbs no output."""
    console(sys.stderr).print(Text(line(value)), soft_wrap=True)


def answer_text(answer: Answer, *, growing: bool = False) -> Text:
    """The answer's words, those that its sources do not bear out struck, the reason behind them.

    Words that were not checked say so, unless the answer is `growing`.
    """
    lines = lines_of(answer)
    text = Text("\n").join(Text.assemble(*(_looks(piece, growing=growing) for piece in one)) for one in lines)
    text.rstrip()
    return text


def _looks(piece: Piece, *, growing: bool) -> Text:
    if not piece.text:
        return Text(f" ({line(doubt_text(piece.claim))})" if piece.claim else "")
    words = Text(safe(piece.text), style="" if piece.citation else _STYLES.get(piece.state, ""))
    return words + Text(" (not checked)" if piece.state == "unchecked" and not growing else "")


def print_answer(out: Console, answer: Answer, choices: Sequence[str] = ()) -> None:
    """The answer and the option taken, then its sources by number; the nearest passages when it abstained.

    After an answer that a model did not finish, the one made of article sentences; why is for the caller
    to tell.
    """
    if answer.text:
        out.print(answer_text(answer))
    if choices and answer.choice is not None:
        out.print(Text("\nLikeliest option: ", style="bold") + Text(line(choices[answer.choice])))
    if answer.abstained:
        _print_nearest(out, answer)
    else:
        _print_sources(out, answer)
    _print_ending(out, answer)


def _print_nearest(out: Console, answer: Answer) -> None:
    if answer.hits:
        out.print(Text("\nNearest passages:", style="bold"))
        print_hits(out, answer.hits)


def _print_sources(out: Console, answer: Answer) -> None:
    if answer.text:
        out.print()
    for marker, citations in _by_marker(answer.citations).items():
        _print_source(out, marker, citations)
    if answer.text and written_text(answer):
        out.print(Text(line(written_text(answer)), style="dim"))


def _print_ending(out: Console, answer: Answer) -> None:
    """What a model wrote in vain; that the answer is not whole, and the one that stands in."""
    if vain_text(answer):
        out.print(Text(f"\n{IN_VAIN}:", style="bold"))
        out.print(Text(safe(vain_text(answer)), style="dim strike"))
    if answer.problem or not answer.done:
        out.print(Text(f"{UNFINISHED if answer.problem else 'Stopped'}.", style="bold"))
    if answer.instead:
        out.print(Text("\nFrom the articles themselves:\n", style="bold"))
        print_answer(out, answer.instead)


def _by_marker(citations: Iterable[Citation]) -> dict[int, list[Citation]]:
    found: dict[int, list[Citation]] = {}
    for citation in citations:
        found.setdefault(citation.marker, []).append(citation)
    return dict(sorted(found.items()))


def _print_source(out: Console, marker: int, citations: Sequence[Citation]) -> None:
    head = citations[0].head
    label = Text(f"[{marker}] ", style="bold")
    unsupported = any(citation.support == "unsupported" for citation in citations)
    out.print(label + Text(told(head)) + Text("  (not borne out by its source)" if unsupported else ""))
    if head.url:
        out.print(Text(f"    {line(head.url)}", style="dim"))
    if citations[0].copies:
        out.print(Text(f"    {line(copies_text(citations[0].copies))}", style="dim"))
    for version in (version for citation in citations for version in citation.versions):
        out.print(Text(f"    {line(version_text(version))}: {told(version.head)}", style="dim"))
        if version.what:
            out.print(Text(f"      {_snippet(version.evidence)}", style="dim"))


def told(head: ArticleHead) -> str:
    """Outlet, day and headline, as far as they are known."""
    day = head.published.isoformat() if head.published else "date unknown"
    return " · ".join((line(head.source or "outlet unknown"), day, line(head.title or head.id)))


def print_hits(out: Console, hits: Sequence[Hit]) -> None:
    """Hits by rank: outlet, day, headline, place, the passage's beginning, the copies."""
    for rank, hit in enumerate(hits, start=1):
        place = f"{line(hit.head.id)} {hit.passage.span.start}:{hit.passage.span.end}"
        out.print(Text(f"{rank:>2}. ", style="bold") + Text(told(hit.head)))
        out.print(Text(f"    {place}  score {hit.score:.4f}", style="dim"))
        out.print(Text(f"    {_snippet(hit.passage.text)}"))
        for copy in hit.copies:
            out.print(Text(f"    also in: {told(copy)}", style="dim"))


def _snippet(text: str) -> str:
    words = line(text)
    return words if len(words) <= SNIPPET_CHARACTERS else words[:SNIPPET_CHARACTERS].rsplit(" ", 1)[0] + " …"


def print_heads(out: Console, heads: Iterable[ArticleHead]) -> None:
    """One line an article: id, outlet, day, headline."""
    for head in heads:
        out.print(Text(line(head.id), style="bold") + Text("  " + told(head)))


def print_article(out: Console, article: Article, raw: str | None = None) -> None:
    """The head, then the text; `raw` in its place when given."""
    head = article.head
    out.print(Text(line(head.title or head.id), style="bold"))
    known = (head.id, head.source, head.published, article.author)
    out.print(Text(" · ".join(line(one) for one in known if one)))
    if head.url:
        out.print(Text(line(head.url), style="dim"))
    out.print()
    out.print(Text(safe(article.text if raw is None else raw)))


def print_cuts(out: Console, cuts: Iterable[Removed]) -> None:
    """What cleaning took out of an article: place in the raw text, reason, text."""
    for cut in cuts:
        out.print(Text(f"{cut.span.start}:{cut.span.end}  {line(cut.reason)}", style="bold"))
        out.print(Text(f"    {line(cut.text)}"))


def print_report(out: Console, report: BuildReport) -> None:
    """What an ingest did, and each thing it could not read with the reason."""
    counts = ("added", "changed", "unchanged", "removed")
    told = ", ".join(f"{getattr(report, name)} {name}" for name in counts)
    out.print(Text(f"{told}; {report.passages} passages; {report.seconds:.1f} s"))
    if report.gone > report.removed:
        out.print(
            Text(
                f"{report.gone - report.removed} stored articles have no file any more; --prune removes them"
            )
        )
    for one in report.unreadable:
        out.print(Text("not read: ", style="bold") + Text(f"{line(one.origin)}: {line(one.reason)}"))
    for one in report.unattributed:
        out.print(Text("no statements: ", style="bold") + Text(f"{line(one.origin)}: {line(one.reason)}"))


def print_feeds(out: Console, feeds: Iterable[Followed]) -> None:
    """Each feed with the time (UTC) and the outcome of the last look at it."""
    for feed in feeds:
        looked = f"{feed.looked_at:%Y-%m-%d %H:%M}: {line(feed.outcome)}" if feed.looked_at else "not yet"
        out.print(Text(line(feed.title) or "no name", style="bold") + Text(f"  {line(feed.url)}"))
        out.print(Text(f"  last look {looked}"))


def print_facts(out: Console, facts: Mapping[str, Any]) -> None:
    """One line a fact, nested ones indented."""
    for name, value in facts.items():
        if isinstance(value, Mapping):
            out.print(Text(f"{name}:", style="bold"))
            for inner, item in value.items():
                out.print(Text(f"  {line(inner)}: {line(item)}"))
        else:
            out.print(Text(f"{name}: ", style="bold") + Text(line(value)))


class Bars:
    """Progress of an ingest as bars on stderr; nothing is shown when stderr is no terminal."""

    LABELS: ClassVar = {
        "fetch": "Fetching",
        "load": "Reading",
        "index": "Indexing",
        "attribute": "Statements",
        "compare": "Comparing",
    }

    def __init__(self) -> None:
        on = console(sys.stderr)
        columns = (
            TextColumn("{task.description:<10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self._progress = RichProgress(*columns, console=on, disable=not on.is_terminal, transient=True)
        self._task: TaskID | None = None

    def __enter__(self) -> Bars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def start(self, stage: str, total: int | None) -> None:
        """A stage begins; `total` articles, None when unknown."""
        self._task = self._progress.add_task(self.LABELS.get(stage, stage), total=total)

    def advance(self, n: int) -> None:
        """`n` more articles are done."""
        if self._task is not None:
            self._progress.advance(self._task, n)

    def stage_done(self) -> None:
        """The stage is over."""
        if self._task is not None:
            done = self._progress.tasks[self._task].completed
            self._progress.update(self._task, total=done, completed=done)

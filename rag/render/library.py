"""The Library tab's pieces: the list of articles, numbers, followed feeds, what an ingest did.

Pure: values in, sanitised HTML out. It does not know Gradio or the archive. Buttons carry what they are
for as data attributes: `data-remove` (article id), `data-page`, `data-unfollow` (address), `data-rebuild`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING

from index.fetching.address import is_address
from index.types import ArticleHead, Unreadable
from rag.render.markup import counted, day_text, opener, place_html, sanitise, title_text, web_address
from rag.render.timeline import coverage_html, covered

if TYPE_CHECKING:
    from index.build import BuildReport
    from index.fetching.feeds import Followed
    from index.listing import Counts, Entry

_HEADS = (
    *(("headline", "Article"), ("language", "Language"), ("count", "Passages"), ("state", "State")),
    ("act", ""),
)
_STATES = {"done": "ready", "pending": "being indexed"}


def _row(entry: Entry) -> str:
    head: ArticleHead = entry
    name = escape(title_text(head))
    remove = (
        '<details class="remove"><summary>Remove</summary>'
        f'<button type="button" data-remove="{escape(head.id)}" aria-label="Yes, remove {name}">'
        "Yes, remove it</button></details>"
    )
    return (
        f'<tr><td class="headline"><button type="button" class="open" {opener(head, ())} dir="auto">{name}'
        f'</button><span class="place">{place_html(head)}</span></td>'
        f'<td class="language">{escape(entry.language or "–")}</td>'
        f'<td class="count">{entry.passages:,}</td>'
        f'<td class="state"><span class="{entry.state}">{_STATES[entry.state]}</span></td>'
        f'<td class="act">{remove}</td></tr>'
    )


def _pager(page: int, pages: int) -> str:
    if pages <= 1:
        return ""

    def button(to: int, label: str) -> str:
        state = "" if 0 <= to < pages and to != page else " disabled"
        return f'<button type="button" data-page="{to}"{state}>{label}</button>'

    return (
        f'<div class="pager">{button(page - 1, "Newer")}<span>Page {page + 1} of {pages}</span>'
        f"{button(page + 1, 'Older')}</div>"
    )


def library_html(rows: Sequence[Entry], total: int, page: int, per_page: int, words: str = "") -> str:
    """The articles as a table, `per_page` a page, with open and remove buttons."""
    heads = "".join(f'<th scope="col" class="{key}">{label}</th>' for key, label in _HEADS)
    body = "".join(_row(row) for row in rows)
    if not rows:
        said = f"No headline has “{words}”." if words else "No articles yet."
        return sanitise(f'<p class="none" dir="auto">{escape(said)}</p>')
    return sanitise(
        f'<p class="total" role="status">{counted(total, "article")}</p>'
        f'<table class="articles"><thead><tr>{heads}</tr>'
        f"</thead><tbody>{body}</tbody></table>{_pager(page, -(-total // per_page))}"
    )


def none_left_html() -> str:
    """That no article passes the filters."""
    return sanitise('<p class="none">No article has this outlet and state.</p>')


def numbers_html(held: Counts, outlets: int, coverage: Mapping[date, int]) -> str:
    """How much there is, and the articles over time."""
    facts = [
        (counted(held.done + held.pending, "article"), True),
        (counted(held.passages, "passage"), True),
        (counted(outlets, "outlet"), True),
        (f"{held.pending:,} being indexed", bool(held.pending)),
    ]
    told = "".join(f"<li>{fact}</li>" for fact, is_told in facts if is_told)
    plot = coverage_html(covered(coverage))
    undated = held.done + held.pending - sum(coverage.values())
    note = f'<p class="note">Not drawn: {counted(undated, "article")} of unknown date.</p>' if undated else ""
    drawn = f"<details><summary>Articles over time</summary>{plot}{note}</details>" if plot else ""
    return sanitise(f'<div class="holds"><ul class="facts">{told}</ul>{drawn}</div>', drawn=True)


def upkeep_html(articles: int) -> str:
    """The button that indexes everything anew, behind what it means."""
    if not articles:
        return ""
    return sanitise(
        '<details class="rebuild"><summary>Index everything anew</summary>'
        "<p>Every article is cleaned, cut and embedded again from its stored text, as "
        "<strong>onrecord ingest --rebuild</strong> does. Until its turn comes, it cannot be found.</p>"
        '<button type="button" data-rebuild="yes">Yes, index '
        f"{counted(articles, 'article')} anew</button></details>"
    )


def feeds_html(feeds: Sequence[Followed]) -> str:
    """The followed feeds, each with the last look at it and a button to follow it no more."""
    if not feeds:
        return ""
    rows = "".join(_feed(feed) for feed in feeds)
    return sanitise(f'<section class="followed"><h3>Followed feeds</h3><ul>{rows}</ul></section>')


def _feed(feed: Followed) -> str:
    name = escape(feed.title or feed.url)
    address = web_address(feed.url)
    link = (
        f'<a href="{escape(address)}" target="_blank">{escape(feed.url)}</a>' if address else escape(feed.url)
    )
    looked = (
        f"Last look {_moment(feed.looked_at)}: {escape(feed.outcome)}"
        if feed.looked_at
        else "Not looked at yet; it will be within seconds while the page is served."
    )
    state = ' class="failing"' if feed.failures else ""
    return (
        f'<li><p class="name" dir="auto">{name}</p><p class="address">{link}</p>'
        f'<p{state} dir="auto">{looked}</p>'
        f'<button type="button" data-unfollow="{escape(feed.url)}" aria-label="Follow {name} no more">'
        "Follow no more</button></li>"
    )


def _moment(moment: datetime) -> str:
    told = f"{day_text(moment.date())}, {moment:%H:%M} UTC"
    return f'<time datetime="{moment.isoformat()}">{told}</time>'


def adding_html(suffixes: Sequence[str], limit: str) -> str:
    """What can be uploaded."""
    kinds = ", ".join(suffixes)
    return sanitise(f"<p>Add articles from files ({escape(kinds)}), each up to {escape(limit)}.</p>")


def progress_html(step: str, done: int, total: int) -> str:
    """How far an ingest has come: its step, and articles done out of `total` (0 when unknown)."""
    bar = (
        f'<progress max="{total}" value="{min(done, total)}"></progress>'
        if total
        else "<progress></progress>"
    )
    count = f": {done:,} of {counted(total, 'article')}" if total else ""
    return sanitise(f'<div class="report" role="status"><p>{escape(step + count)}</p>{bar}</div>')


def said_html(text: str) -> str:
    """One line about what was done."""
    return sanitise(f'<div class="report done" role="status"><p dir="auto">{escape(text)}</p></div>')


def report_html(report: BuildReport) -> str:
    """What an ingest did, and each file or address that could not be read with the reason."""
    counts = {
        "added": report.added,
        "changed": report.changed,
        "already here": report.unchanged,
    }
    said = ", ".join(f"{counted(number, 'article')} {word}" for word, number in counts.items() if number)
    bad = "".join(_unreadable(one) for one in report.unreadable)
    trouble = f'<p class="verdict">Could not be read</p><ul class="unreadable">{bad}</ul>' if bad else ""
    return sanitise(
        f'<div class="report done" role="status"><p>{escape(said or "No article added")}</p>{trouble}</div>'
    )


def _unreadable(one: Unreadable) -> str:
    return f'<li dir="auto"><strong>{escape(_place(one.origin))}</strong>: {escape(one.reason)}</li>'


def _place(origin: str) -> str:
    """An address as it is; of a file its name, in a zip file with the names on the way to it."""
    if is_address(origin):
        return origin
    parts = origin.replace("\\", "/").split("/")
    zips = (at for at, part in enumerate(parts) if part.lower().endswith(".zip"))
    return "/".join(parts[next(zips, len(parts) - 1) :])

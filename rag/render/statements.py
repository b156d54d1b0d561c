"""Who said what, as the Quotes tab shows it: the timeline, a list of statements, what there is when none is.

Pure: values in, sanitised HTML out. It does not know Gradio or the archive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from index.quotes import Quote, Quotes
from rag.render.markup import counted, day_text, opener, outlet_text, sanitise, title_text
from rag.render.timeline import timeline, timeline_html

SHOWN = 50
MAX_WORDS_CHARS = 700
_MARKS = '“”" '
_FILES = (("csv", "CSV"), ("markdown", "Markdown"), ("json", "JSON"))


def names_html(names: Sequence[str]) -> str:
    """Buttons that choose a speaker; empty without names."""
    buttons = "".join(
        f'<li><button type="button" class="name" data-speaker="{escape(name)}" dir="auto">{escape(name)}'
        "</button></li>"
        for name in names
    )
    return f'<ul class="names" aria-label="Speakers">{buttons}</ul>' if buttons else ""


def invitation_html(speakers: Sequence[tuple[str, int]]) -> str:
    """What the tab shows before anything was chosen: how many speakers there are, and the most quoted."""
    if not speakers:
        return sanitise(
            '<div class="invitation"><h2>No statements yet</h2><p>Nothing that someone said was found in '
            "these articles. Add articles in the Library.</p></div>"
        )
    names = names_html([name for name, _ in speakers[:12]])
    return sanitise(
        '<div class="invitation"><h2>Choose who spoke</h2>'
        f"<p>{counted(len(speakers), 'speaker')} in these articles. Those with most statements:</p>{names}"
        "</div>"
    )


def catching_up_html(done: int, total: int) -> str:
    """That statements are derived anew by newer rules: how far, and what can be done meanwhile."""
    return sanitise(
        '<div class="report" role="status"><p>Who said what is found anew in articles stored by an older '
        f"release: {done:,} of {counted(total, 'article')} so far. Until its turn an article keeps the "
        "statements it had. You may look at them, ask and read meanwhile; it goes on when you leave.</p>"
        f'<progress max="{max(total, 1)}" value="{min(done, total)}"></progress></div>'
    )


def caught_up_html(done: int, left: int) -> str:
    """That this has ended: with how many articles, and how many are left where it failed."""
    told = f"Who said what has been found anew in {counted(done, 'article')}."
    rest = (
        f"{counted(left, 'article')} left: open this tab again to go on."
        if left
        else "The list is up to date."
    )
    return sanitise(f'<div class="report done" role="status"><p>{told} {rest}</p></div>')


def nothing_html(found: Quotes, speaker: str) -> str:
    """That no statement was found; for an unknown name the known ones that look most like it."""
    if not speaker or found.speakers:
        return sanitise('<p class="none" role="status">No statement found.</p>')
    near = "The nearest known speakers:" if found.nearest else "No known speaker has a name like it."
    return sanitise(
        f'<div class="none" role="status"><p>No speaker “<bdi>{escape(speaker)}</bdi>” is known. {near}</p>'
        f"{names_html(found.nearest)}</div>"
    )


def statements_html(found: Quotes, coverage: Mapping[date, int], shown: int = SHOWN) -> str:
    """The timeline of all statements, buttons to save them, and the first `shown` in order of time."""
    who = found.speakers[0] if len(found.speakers) == 1 else ""
    drawn = timeline_html(timeline(found.quotes, coverage), who)
    items = "".join(_item(quote) for quote in found.quotes[:shown])
    listed = f'<ol class="cards statements" aria-label="Statements in order of time">{items}</ol>'
    return drawn + sanitise(_heading(found) + listed + _more(len(found.quotes), shown))


def _heading(found: Quotes) -> str:
    names = ", ".join(found.speakers)
    who = f" of <bdi>{escape(names)}</bdi>" if names else ""
    saves = "".join(
        f'<button type="button" data-save="{kind}" aria-label="Save as {label}">{label}</button>'
        for kind, label in _FILES
    )
    total = counted(len(found.quotes), "statement")
    return (
        f'<div class="found"><p class="total" role="status">{total}{who}</p>'
        f'<p class="saves"><span>Save as</span>{saves}</p></div>'
    )


def _more(total: int, shown: int) -> str:
    if shown >= total:
        return ""
    return (
        f'<div class="pager"><button type="button" data-more="{shown}">Show '
        f"{min(SHOWN, total - shown)} more</button><span>{shown:,} of {total:,} shown</span></div>"
    )


def _item(quote: Quote) -> str:
    """One statement as a button that opens the article at its words."""
    also = f'<span class="copies">Also in {counted(len(quote.also), "article")}</span>' if quote.also else ""
    head = quote.head
    return (
        f'<li><button type="button" class="card" {opener(head, quote.attribution.content)}>'
        f'<span class="facts"><span class="when">{_when(quote)}</span>'
        f'<span class="words" dir="auto">{_words(quote)}</span>{_who(quote)}'
        f'<span class="place">{_place(quote)} <span class="title" dir="auto">{escape(title_text(head))}'
        f"</span></span>{also}</span></button></li>"
    )


def _when(quote: Quote) -> str:
    one, published = quote.attribution, quote.head.published
    if one.said_on and one.said_precision == "month":
        return f'Said in <time datetime="{one.said_on:%Y-%m}">{one.said_on:%B} {one.said_on.year}</time>'
    day = one.said_on or published
    if day is None:
        return "Date unknown"
    word = "Said on" if one.said_on else "Published"
    return f'{word} <time datetime="{day.isoformat()}">{day_text(day)}</time>'


def _words(quote: Quote) -> str:
    """The words in quotation marks if they were quoted, else behind the reporting words; long ones cut."""
    text = quote.text.strip(_MARKS) if quote.attribution.quoted else quote.text
    if len(text) > MAX_WORDS_CHARS:
        text = text[:MAX_WORDS_CHARS].rstrip() + " …"
    if quote.attribution.quoted:
        return f"“{escape(text)}”"
    cue = _one_line(quote.cue)
    return (f'<span class="cue">{escape(cue)}</span> ' if cue else "") + escape(text)


def _one_line(words: Sequence[str]) -> str:
    return " ".join(" ".join(words).split())


def _who(quote: Quote) -> str:
    """The speaker, the article's own words for them where they differ, whether it is indirect speech."""
    name = f'<strong dir="auto">{escape(quote.speaker or "Speaker unknown")}</strong>'
    named = _one_line(quote.named)
    named = (
        ""
        if named in ("", quote.speaker)
        else f' <span class="named">in the text: <bdi>{escape(named)}</bdi></span>'
    )
    kind = "" if quote.attribution.quoted else ' <span class="kind">reported</span>'
    return f'<span class="who">{name}{named}{kind}</span>'


def _place(quote: Quote) -> str:
    """The outlet, and the day of publication where the statement has a day of its own."""
    head = quote.head
    outlet = f'<span class="outlet" dir="auto">{escape(outlet_text(head))}</span>'
    if not quote.attribution.said_on:
        return outlet
    day = f"published {day_text(head.published)}" if head.published else "publication date unknown"
    return f'{outlet} <span class="day">{day}</span>'

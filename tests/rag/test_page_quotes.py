"""What the Quotes tab does with what was chosen, typed and clicked, without a browser.

The archive is a real one of a few articles, whose rules for statements find what stands in “…”.
"""

from __future__ import annotations

import csv
import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from index.archive import Archive
from index.errors import ArchiveError
from index.quotes import Quote, Quotes
from index.types import ArticleHead, Attribution, Filters, Span
from rag.page.catching_up import CatchingUp
from rag.page.quotes import FILES, MAX_FIELD_CHARS, Desk, Sought
from rag.page.watch import Watch
from rag.render.statements import (
    MAX_WORDS_CHARS,
    SHOWN,
    caught_up_html,
    invitation_html,
    nothing_html,
    statements_html,
)

FERRY = ArticleHead("ferry", 'Ferry <b>"delayed"</b>', "Hale Courier", date(2023, 3, 28))
WALL = ArticleHead("wall", "", None)
VARDO = Quote(
    Attribution("ferry", (Span(90, 109), Span(130, 146)), (Span(110, 115),), (Span(116, 120),),
                "Vardo", True, date(2023, 3, 27), "day"),
    FERRY, "Ines Vardo", ("We waited for light", "and it came late."), ("Vardo",), ("said",), (WALL,),
)  # fmt: skip
MAYOR = Quote(
    Attribution("ferry", (Span(10, 30),), cue=(Span(3, 9),), speaker="the mayor"),
    FERRY, "the mayor", ("the bridge\nwould <i>stay</i>",), ("the mayor",), ("warned that",),
)  # fmt: skip
MONTH = replace(VARDO, attribution=replace(VARDO.attribution, said_precision="month"), head=WALL, also=())
NOBODY = Quote(Attribution("wall", (Span(4, 9),), quoted=True), WALL, "", ("“No.”",))
FOUND = Quotes((VARDO, MAYOR, MONTH, NOBODY), 4, ("Ines Vardo",))


def test_statements_read_as_agreed(golden: Callable[[str, str], None]) -> None:
    html = statements_html(FOUND, {date(2023, 3, 28): 3})
    golden(
        "quotes.html",
        re.sub(r"(</?(?:li|ol|div|p|svg|table|tr|details|rect)\b[^>]*>)", r"\n\1", html).strip() + "\n",
    )


def test_a_statement_opens_its_article_at_its_words() -> None:
    html = statements_html(FOUND, {})
    assert 'data-article="ferry" data-spans="90-109 130-146"' in html
    assert "“We waited for light … and it came late.”" in html and "“No.”" in html
    assert '<span class="cue">warned that</span> the bridge would &lt;i&gt;stay' in html
    assert html.count(">reported<") == 1
    for day in ("Said on <time", "Published <time", "Said in <time", "Date unknown"):
        assert html.count(day) == 1
    assert "<b>" not in html and "<i>" not in html


def test_a_long_statement_ends_early() -> None:
    endless = replace(NOBODY, words=("y" * 100_000,))
    html = statements_html(Quotes((endless,), 1), {})
    assert "y" * MAX_WORDS_CHARS + " …”" in html and len(html) < 4_000


def test_of_many_the_first_are_shown_and_more_can_be_asked_for() -> None:
    many = Quotes((MAYOR,) * 120, 120)
    assert statements_html(many, {}).count("<li>") == SHOWN
    assert 'data-more="100"' in statements_html(many, {}, 100)
    assert "Show 20 more" in statements_html(many, {}, 100)
    assert "data-more" not in statements_html(many, {}, 150)
    assert "120 statements" in statements_html(many, {})


def test_what_there_is_when_there_is_nothing() -> None:
    assert "No statements yet" in invitation_html([])
    assert "1 speaker in these articles" in invitation_html([("<Ines>", 3)])
    assert 'data-speaker="&lt;Ines&gt;"' in invitation_html([("<Ines>", 3)])
    near = nothing_html(Quotes((), 0, nearest=("Ines Vardo",)), "<Vadro>")
    assert "&lt;Vadro&gt;" in near and 'data-speaker="Ines Vardo"' in near
    assert "No known speaker" in nothing_html(Quotes((), 0), "Vadro")
    assert "No statement found" in nothing_html(Quotes((), 0, ("Ines Vardo",)), "Vardo")


# --- over an archive ---------------------------------------------------------------------------

TOWN = (
    {"id": "ferry", "title": "Ferry delayed by fog", "source": "Hale Courier", "published": "2023-03-28",
     "text": "The ferry left.\n\n“We waited until we could see the lighthouse,” Ines Vardo said."},
    {"id": "wall", "title": "Wall mended", "source": "Tarn Post",
     "text": "The harbour wall is whole again.\n\n“The masons worked in the rain,” Piet Oslund said."},
)  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive of two articles."""
    folder = tmp_path_factory.mktemp("archive")
    (folder / "town.jsonl").write_text("".join(json.dumps(one) + "\n" for one in TOWN), encoding="utf-8")
    with Archive.open(folder / "home") as one:
        one.ingest([folder / "town.jsonl"])
        yield one


@pytest.fixture
def desk(archive: Archive) -> Desk:
    return Desk(archive)


def fields(speaker: str | None = None, about: str | None = None, *limits: Any) -> tuple[Any, ...]:
    """What the tab's fields hold."""
    return (speaker, about, *(limits or ([], "", "")))


def clicked(**data: Any) -> Any:
    return SimpleNamespace(**data)


def test_opening_the_tab_loads_names_and_outlets_and_asks_whom(desk: Desk) -> None:
    names, outlets, html = desk.open(*fields())
    assert sorted(name for name, _ in names.choices) == ["Ines Vardo", "Piet Oslund"]
    assert [name for name, _ in outlets.choices] == ["Hale Courier", "Tarn Post"]
    assert "2 speakers in these articles" in html and 'data-speaker="Ines Vardo"' in html
    assert "“We waited until" in desk.open(*fields("Vardo"))[2]


def test_fields_narrow(desk: Desk) -> None:
    html = desk.find(*fields("vardo"))
    assert "“We waited until" in html and "masons" not in html and "1 statement of <bdi>Ines Vardo" in html
    assert "Piet Oslund" in desk.find(*fields(None, "rainy masons"))
    assert "Ines Vardo" not in desk.find(*fields("", "", ["Tarn Post"], None, None))
    assert "No statement found" in desk.find(*fields("Vardo", "", [], "2023-04-01", ""))
    assert 'data-speaker="Ines Vardo"' in desk.find(*fields("Vadrov"))
    assert desk.choose(clicked(speaker="Ines Vardo")) == "Ines Vardo"


def test_more_are_shown_on_demand(desk: Desk) -> None:
    assert "“We waited until" in desk.more(clicked(more="50"), *fields("Vardo"))
    assert "“We waited until" in desk.more(clicked(more="-9"), *fields("Vardo"))


def test_what_cannot_be_read_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "wanted one like 2023-03-31" in desk.find(*fields("Vardo", "", [], "soon", ""))

    def broken(**_: Any) -> Quotes:
        raise RuntimeError("secret")

    monkeypatch.setattr(desk.archive, "quotes", broken)
    told = desk.find(*fields("Vardo"))
    assert "unexpected RuntimeError" in told and "secret" not in told


def test_fields_are_read() -> None:
    read = Sought.of(" Ines\n Vardo ", None, ["Tarn Post"], "2023-03-01", None)
    assert read == Sought("Ines Vardo", "", Filters(since=date(2023, 3, 1), sources=("Tarn Post",)))
    assert Sought.of(None, "", [], "", "") == Sought()
    assert len(Sought.of("x" * 9000, "", [], "", "").speaker) == MAX_FIELD_CHARS


def test_files_are_those_of_the_command_line(desk: Desk, tmp_path: Path, run: Callable[..., Any]) -> None:
    home = desk.archive.home
    options = ("quotes", "--speaker", "Vardo", "--home", home)
    run(*options, "--csv", tmp_path / "csv", "--markdown", tmp_path / "markdown")
    (tmp_path / "json").write_text(run(*options, "--json").out, encoding="utf-8")
    for kind in FILES:
        saved = desk.save(clicked(kind=kind), *fields("Vardo"))
        assert saved["text"].encode() == (tmp_path / kind).read_bytes(), kind
    (row,) = csv.DictReader(io.StringIO(desk.save(clicked(kind="?"), *fields("Vardo"))["text"], newline=""))
    assert row["speaker"] == "Ines Vardo"


# --- statements derived anew -------------------------------------------------------------------


class Older:
    """An archive of three articles whose statements are of older rules; each waits until it is let on."""

    def __init__(self, problem: str = "") -> None:
        self.due, self.begun, self.on = 3, 0, threading.Semaphore(0)
        self.catalog = None
        self._problem = problem

    def unattributed(self) -> int:
        """Articles that lack statements."""
        return self.due

    def attribute(self, *, progress: Watch) -> None:
        """Derive them."""
        self.begun += 1
        progress.start("attribute", self.due)
        while self.due:
            assert self.on.acquire(timeout=20)
            if self._problem:
                raise ArchiveError(self._problem)
            self.due -= 1
            progress.advance(1)


def test_statements_are_derived_anew_behind_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.page.quotes.LOOK_EVERY_S", 0.01)
    archive = Older()
    desk = Desk(archive)  # type: ignore[arg-type]
    told, second = desk.catch_up(), desk.catch_up()
    assert "0 of 3 articles so far" in next(told) and "0 of 3 articles so far" in next(second)
    archive.on.release()
    assert "1 of 3 articles so far" in next(one for one in told if "1 of" in str(one))
    second.close()  # who leaves does not end it
    archive.on.release(2)
    *_, last = told
    assert "found anew in 3 articles. The list is up to date" in last and archive.begun == 1
    assert list(desk.catch_up()) == [""] and archive.begun == 1


def test_what_cannot_be_derived_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    archive = Older("the archive is closed")
    catching_up = CatchingUp(archive)  # type: ignore[arg-type]
    for times in (1, 2):
        watch = catching_up.begin()
        assert watch and watch.total == 3 and archive.begun == times
        archive.on.release()
        while catching_up.going_on:
            pass
    assert caplog.text.count("the archive is closed") == 2
    assert "found anew in 1 article. 3 articles left: open this tab again" in caught_up_html(1, 3)


def test_the_list_is_renewed_only_after_that(archive: Archive) -> None:
    desk = Desk(archive)
    assert desk.renew("", *fields()) == (gr.skip(),) * 3
    assert "Choose who spoke" in desk.renew("done", *fields())[2]

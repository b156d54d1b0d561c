"""What the Library tab does with what was uploaded, typed and clicked, over a small real archive."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest

from index.archive import Archive
from index.build import BuildReport
from index.fetching.feeds import Followed
from index.fetching.fetch import Limits
from index.listing import Counts, Entry
from index.load import load
from index.types import Unreadable
from rag.page.library import PER_PAGE, Narrowed, Shelf
from rag.page.uploads import MAX_NAME_BYTES, plain_name
from rag.render.library import feeds_html, library_html, numbers_html, report_html, upkeep_html
from tests.index.tiny import tiny_stages

HOSTILE = "<img src=x onerror=alert(1)>"
FERRY = "The ferry sails at nine, the port said on Monday, and it will sail every day."
MORNING = datetime(2023, 4, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """The tab over an empty archive on the tiny pipeline, files read as ever, this machine reachable."""
    stages = tiny_stages(load=load)
    with Archive.open(tmp_path / "home", model="tiny", stages=stages) as archive:
        yield Shelf(archive, Limits(private=True, timeout_s=5, pause_s=0))


@pytest.fixture
def upload(shelf: Shelf, tmp_path: Path) -> Callable[..., str]:
    """Upload files, given as names and contents, and tell what the last report said."""

    def call(**files: str | bytes) -> str:
        folder = tmp_path / "sent"
        folder.mkdir(exist_ok=True)
        paths = []
        for name, content in files.items():
            path = folder / name.replace("_", ".")
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            paths.append(str(path))
        *_, last = shelf.upload(paths)
        return str(last[0])

    return call


def click(**data: str) -> Any:
    """The event of a button with this data."""
    return SimpleNamespace(**data)


# --- uploads -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("story.txt", "story.txt"),
        ("/tmp/gradio/abc/story.txt", "story.txt"),
        ("..\\..\\story.txt", "story.txt"),
        ("../../.bashrc", "bashrc"),
        ("a\n<b>\0.txt", "a__b__.txt"),
        ("список статей.jsonl.gz", "список статей.jsonl.gz"),
        ("...", "article"),
        ("", "article"),
        ("noending", "noending"),
    ],
)
def test_an_upload_is_kept_by_its_plain_name(name: str, kept: str) -> None:
    assert plain_name(name) == kept


def test_long_names_keep_their_ending() -> None:
    name = plain_name("ж" * 500 + ".jsonl.gz")
    assert name.endswith("ж.jsonl.gz") and len(name.encode()) <= MAX_NAME_BYTES
    assert len(plain_name("a" * 50 + "." + "b" * 900).encode()) < 1000


def test_an_upload_reports_and_empties_the_field(shelf: Shelf, tmp_path: Path) -> None:
    files = [tmp_path / "one.txt", tmp_path / "two.json"]
    files[0].write_text(FERRY)
    files[1].write_text("{")
    first, *_, last = shelf.upload([str(file) for file in files])
    assert "1 article added" in last[0] and "<strong>two.json</strong>: not valid JSON" in last[0]
    assert "<progress" in first[0] and first[1] is None and last[1] is not None
    assert [path.name for path in shelf.uploads.folder.iterdir()] == ["one.txt"]
    assert next(iter(shelf.upload([])))[1] is not None


def test_two_uploads_of_one_name_at_once_are_both_kept(shelf: Shelf, tmp_path: Path) -> None:
    files = [tmp_path / folder / "one.txt" for folder in ("a", "b", "c")]
    for file in files:
        file.parent.mkdir()
        file.write_text(file.parent.name)
    kept = shelf.uploads.keep([str(file) for file in files])
    assert [(path.name, path.read_text()) for path in kept] == [
        ("one.txt", "a"),
        ("2 one.txt", "b"),
        ("3 one.txt", "c"),
    ]


def test_work_that_fails_says_why_and_not_more(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    def bug(_: Any) -> BuildReport:
        raise RuntimeError("secret")

    *_, last = shelf.working(bug)
    assert "unexpected RuntimeError" in last and "secret" not in last and "secret" in caplog.text


def test_a_zip_file_goes_with_the_last_of_its_articles(
    shelf: Shelf, upload: Callable[..., str], tmp_path: Path
) -> None:
    with ZipFile(tmp_path / "in.zip", "w") as out:
        for name, text in (("news/a.txt", FERRY), ("news/b.txt", "Bread."), ("../c.txt", "Cake.")):
            out.writestr(name, text)
    said = upload(more_zip=(tmp_path / "in.zip").read_bytes())
    assert "2 articles added" in said and "<strong>more.zip/../c.txt</strong>" in said
    kept = shelf.uploads.folder / "more.zip"
    shelf.drop(click(article="a"), "", "", "", 0)
    assert kept.exists()
    shelf.drop(click(article="b"), "", "", "", 0)
    assert not kept.exists()


def test_removing_an_article_deletes_its_upload_and_nothing_else(
    shelf: Shelf, upload: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "own.txt").write_text("Own words.")
    shelf.archive.ingest([tmp_path / "own.txt"])
    upload(**{"two#1_jsonl": '{"id": "x", "title": "X", "text": "One."}\n{"id": "y", "text": "Two."}'})
    kept = shelf.uploads.folder / "two#1.jsonl"
    assert "Removed: X" in shelf.drop(click(article="x"), "", "", "", 0)[0] and kept.exists()
    shelf.drop(click(article="y"), "", "", "", 0)
    shelf.drop(click(article="own"), "", "", "", 0)
    assert not kept.exists() and (tmp_path / "own.txt").exists()
    assert "no article has the id" in shelf.drop(click(article="x"), "", "", "", 0)[0]


# --- addresses and feeds -----------------------------------------------------------------------


@pytest.mark.loopback
def test_an_address_is_added_and_the_field_emptied(shelf: Shelf, news: Any) -> None:
    news.story("/ferry", "New ferry", FERRY)
    *_, told, last = shelf.add(f"  {news.url('/ferry')} ")
    assert "1 article added" in told[0] and last[1] == ""
    *_, told, last = shelf.add(news.url("/gone"))
    assert "404" in told[0] and news.url("/gone") in told[0]


def test_what_is_no_address_is_told(shelf: Shelf) -> None:
    *_, (told, kept) = shelf.add("  ")
    assert "Found no address" in told and kept != ""
    *_, told, _ = (step[0] for step in shelf.add("file:///etc/passwd"))
    assert "http://" in told


@pytest.mark.loopback
def test_an_address_without_its_scheme_is_taken_as_https(shelf: Shelf, news: Any) -> None:
    *_, told, _ = (step[0] for step in shelf.add(f"127.0.0.1:{news.port}/ferry"))
    assert f"https://127.0.0.1:{news.port}/ferry" in told


@pytest.mark.loopback
def test_an_uploaded_feed_brings_its_pages_and_is_not_kept(
    shelf: Shelf, upload: Callable[..., str], news: Any
) -> None:
    news.story("/ferry", "New ferry", FERRY)
    news.feed("/feed", f"<link>{news.url('/ferry')}</link>")
    assert "1 article added" in upload(saved_rss=news.pages["/feed"][2])
    assert not list(shelf.uploads.folder.iterdir())


@pytest.mark.loopback
def test_a_feed_is_followed_and_no_more(shelf: Shelf, news: Any) -> None:
    news.feed("/feed", "<link>https://paper.example/a</link>")
    *_, (told, emptied) = shelf.follow(news.url("/feed"))
    assert "Sound Gazette is followed from now on" in told and emptied == ""
    assert "already" in list(shelf.follow(news.url("/feed")))[-1][0]
    assert news.url("/feed") in shelf.around()[2]
    assert "no more" in shelf.unfollow(click(url=news.url("/feed")))
    assert shelf.around()[2] == "" and "was not followed" in shelf.unfollow(click(url=news.url("/feed")))
    assert "http://" in shelf.unfollow(click(url="javascript:alert(1)"))


@pytest.mark.loopback
def test_what_is_no_feed_is_not_followed(shelf: Shelf, news: Any) -> None:
    news.story("/ferry", "New ferry", FERRY)
    *_, (told, kept) = shelf.follow(news.url("/ferry"))
    assert "names no feed" in told and kept != "" and shelf.feeds.all() == ()


# --- the list ----------------------------------------------------------------------------------


def test_the_list_goes_page_by_page(shelf: Shelf, upload: Callable[..., str]) -> None:
    upload(many_jsonl="\n".join(f'{{"id": "s{n}", "title": "Story {n}", "text": "x"}}' for n in range(120)))
    assert "Page 1 of 3" in shelf.search("")[0] and shelf.search(None)[0].count("<tr>") == PER_PAGE + 1
    assert "Page 3 of 3" in shelf.turn(click(page="2"), "")[0]
    assert shelf.listing(Narrowed(), 9)[1] == 2 and shelf.turn(click(page="-4"), "")[1] == 0
    assert "1 article" in shelf.search("story 77")[0]
    assert "No headline has" in shelf.search("<none>")[0] and "<none>" not in shelf.search("<none>")[0]


def test_the_list_is_narrowed_to_an_outlet_and_a_state(shelf: Shelf, upload: Callable[..., str]) -> None:
    upload(
        a_jsonl='{"id": "x", "title": "X", "source": "Gazette", "text": "One."}\n'
        '{"id": "y", "title": "Y", "source": "Herald", "text": "uncuttable"}\n'
        '{"id": "z", "title": "Z", "source": "Herald", "text": "Three."}'
    )
    assert "1 article<" in shelf.search("", "Gazette", "")[0]
    assert "2 articles" in shelf.search("", "", "Ready")[0]
    waiting = shelf.search("", "", "Being indexed")[0]
    assert "1 article<" in waiting
    assert '<th scope="col" class="state">State</th>' in waiting and "ready" not in waiting
    assert '<td class="state"><span class="pending">being indexed</span></td>' in waiting
    assert shelf.search("")[0].count('<td class="state"><span class="done">ready</span></td>') == 2
    assert "No article has" in shelf.search("", "Gazette", "Being indexed")[0]
    assert "3 articles" in shelf.search("", None, "a state made up")[0]


def test_what_stands_around_the_list(shelf: Shelf, upload: Callable[..., str]) -> None:
    upload(
        a_jsonl='{"id": "x", "source": "Gazette", "published": "2021-05-03", "text": "One."}\n{"text": "No."}'
    )
    outlets, numbers, feeds, upkeep = shelf.around()
    assert outlets.choices == [("All outlets", ""), ("Gazette", "Gazette")]
    assert "2 articles" in numbers and "1 outlet" in numbers and "<rect" in numbers
    assert "1 article of unknown date" in numbers and feeds == "" and "index 2 articles anew" in upkeep


def test_everything_is_indexed_anew(shelf: Shelf, upload: Callable[..., str]) -> None:
    upload(a_txt=FERRY)
    first, *_, last = shelf.rebuild()
    assert "<progress" in first and "Indexed anew: 1 passages" in last
    assert shelf.archive.list(state="done")[1] == 1


def test_two_who_add_at_once_are_both_served(shelf: Shelf, tmp_path: Path) -> None:
    said = []
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"{name} {FERRY}")

    def add(name: str) -> None:
        *_, last = shelf.upload([str(tmp_path / f"{name}.txt")])
        said.append(last[0])

    threads = [threading.Thread(target=add, args=[name]) for name in ("a", "b")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(said) == 2 and all("1 article added" in one for one in said)


# --- as HTML -----------------------------------------------------------------------------------


def test_nothing_hostile_reaches_the_page() -> None:
    report = BuildReport(0, 0, 0, 0, 0, 0, (Unreadable(f"https://x.example/{HOSTILE}", HOSTILE),), 0.0)
    feed = Followed("javascript:alert(1)", HOSTILE, MORNING, MORNING, MORNING, HOSTILE, 1)
    entry = Entry(HOSTILE, HOSTILE, HOSTILE, language=HOSTILE)
    for html in (report_html(report), feeds_html([feed]), library_html([entry], 1, 0, 50)):
        assert "<img" not in html and "&lt;img" in html
        assert "href" not in html


def test_a_report_names_files_without_their_folders() -> None:
    origins = (
        "/home/me/uploads/a.txt",
        "C:\\temp\\b.txt",
        "/home/me/c.zip/news/d.txt",
        "https://x.example/e",
    )
    report = BuildReport(0, 0, 0, 0, 0, 0, tuple(Unreadable(one, "is bad") for one in origins), 0.0)
    html = report_html(report)
    for shown in ("a.txt", "b.txt", "c.zip/news/d.txt", "https://x.example/e"):
        assert f"<strong>{shown}</strong>" in html
    assert "home" not in html and "temp" not in html


def test_feeds_tell_the_last_look() -> None:
    fresh = Followed("https://g.example/feed", "", MORNING, MORNING)
    looked = Followed("https://h.example/feed", "Herald", MORNING, MORNING, MORNING, "2 added")
    html = feeds_html([fresh, looked])
    assert "Not looked at yet" in html and "1 April 2023, 08:30 UTC</time>: 2 added" in html
    assert html.count("data-unfollow") == 2 and feeds_html([]) == ""


def test_numbers_of_nothing() -> None:
    html = numbers_html(Counts(0, 0, 0), 0, {})
    assert "0 articles" in html and "<details" not in html and upkeep_html(0) == ""
    assert "indexed" in numbers_html(Counts(1, 1, 2), 1, {date(2021, 5, 3): 1})
    assert library_html([], 0, 0, PER_PAGE) == '<p class="none" dir="auto">No articles yet.</p>'

"""Fetching: what is refused before a byte is sent, what a hostile server cannot do, manners."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import FetchError, Unreachable
from index.fetching.address import is_public, normal
from index.fetching.courtesy import Robots
from index.fetching.fetch import MAX_REDIRECTS, Fetcher, Limits
from index.fetching.fetched import Validators, kind_of, read_body

pytestmark = pytest.mark.loopback
Make = Callable[..., Fetcher]
PRIVATE = Limits(private=True, timeout_s=5, max_bytes=100_000, pause_s=0)
STORY = b"<html><body><p>The ferry sails at nine.</p></body></html>"


@pytest.fixture
def fetcher() -> Fetcher:
    """May reach this machine."""
    return Fetcher(PRIVATE)


def names(*answers: list[str]) -> Callable[[str, int], list[str]]:
    """A look-up that gives these answers in turn, the last for ever."""
    left = list(answers)
    return lambda host, port: left.pop(0) if len(left) > 1 else left[0]


def refusal(fetcher: Fetcher, address: str, **options: Any) -> str:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(address, **options)
    assert str(caught.value).isprintable()
    return str(caught.value)


# --- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("file:///etc/passwd", "'file'"),
        ("ftp://paper.example/a", "'ftp'"),
        ("javascript:alert(1)", "'javascript'"),
        ("https://", "no web address"),
        ("https://me:secret@paper.example/", "name or password"),
        ("https://me@paper.example/", "name or password"),
        ("https://paper.example/a b", "spaces"),
        ("https://paper.example/\r\nHost: other", "spaces"),
        ("https://paper.example:99999/", "no address"),
        ("https://[::1/", "no address"),
        ("https://" + "a" * 3000, "characters"),
    ],
)
def test_what_is_no_web_address_is_refused(address: str, words: str) -> None:
    with pytest.raises(FetchError, match=words):
        normal(address)


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("HTTPS://Paper.Example", "https://paper.example/"),
        ("https://paper.example:443/a#part", "https://paper.example/a"),
        ("http://paper.example:8080/a?b=c d".replace(" ", "%20"), "http://paper.example:8080/a?b=c%20d"),
        ("https://zeitung.example/über", "https://zeitung.example/%C3%BCber"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://[::1]:80/", "http://[::1]/"),
    ],
)
def test_addresses_are_written_one_way(address: str, sent: str) -> None:
    assert normal(address) == sent == normal(sent)


@given(st.text(max_size=60), st.sampled_from(["http://", "https://", ""]))
def test_any_text_is_an_address_or_refused(text: str, scheme: str) -> None:
    try:
        found = normal(scheme + text)
    except FetchError:
        return
    assert found.isascii() and found.isprintable() and found == normal(found)


@pytest.mark.parametrize(
    "ip",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
     "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1",
     "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "ff02::1", "nonsense"],
)  # fmt: skip
def test_what_is_not_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize(
    "ip", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "::ffff:8.8.8.8"]
)
def test_what_is_public(ip: str) -> None:
    assert is_public(ip) or ip.startswith("::ffff")


# --- where names lead --------------------------------------------------------------------------


def test_private_addresses_are_refused_unless_allowed(news: Any) -> None:
    news.html("/", STORY)
    assert "no public address" in refusal(Fetcher(), news.url())
    assert "fetch.private" in refusal(Fetcher(), news.url())
    assert not news.asked
    found = Fetcher(PRIVATE).fetch(news.url())
    assert found and (found.kind, found.data, found.url) == ("page", STORY, news.url())


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost", "[::ffff:127.0.0.1]"])
def test_other_spellings_of_this_machine_are_refused(news: Any, host: str) -> None:
    def look_up(name: str, port: int) -> list[str]:
        """As the system does it, without asking it."""
        if name == "localhost":
            return ["::1", "127.0.0.1"]
        return [name if ":" in name else socket.inet_ntoa(socket.inet_aton(name))]

    assert "no public address" in refusal(Fetcher(look_up=look_up), f"http://{host}:{news.port}/")
    assert not news.asked


def test_one_private_answer_among_public_ones_is_refused(news: Any) -> None:
    fetcher = Fetcher(look_up=names(["93.184.216.34", "127.0.0.1"]))
    assert "127.0.0.1" in refusal(fetcher, news.url(host="paper.example"))
    assert not news.asked


def test_a_second_answer_that_differs_is_never_asked_for(news: Any) -> None:
    """The connection goes to the address that was checked: a look-up of its own would end elsewhere."""
    news.html("/", STORY)
    asked: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["203.0.113.9"]

    found = Fetcher(PRIVATE, look_up).fetch(news.url(host="paper.example"))
    assert found and found.data == STORY and asked == ["paper.example"]
    ((_, headers),) = news.asked
    assert headers["host"] == f"paper.example:{news.port}"


def test_a_redirect_to_a_private_address_is_refused(news: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first host counts as public here, the one it sends to does not."""
    news.html("/secret", STORY)
    news.pages["/"] = (302, {"Location": f"http://inner.example:{news.port}/secret"}, b"")
    monkeypatch.setattr("index.fetching.address.is_public", lambda ip: ip == "127.0.0.1")
    look_up = {"paper.example": ["127.0.0.1"], "inner.example": ["127.0.0.2"]}
    fetcher = Fetcher(Limits(pause_s=0), lambda host, port: look_up[host])
    assert "inner.example leads to 127.0.0.2" in refusal(fetcher, news.url(host="paper.example"))
    assert news.paths() == ["/"]


@pytest.mark.parametrize("to", ["file:///etc/passwd", "https://me:pw@paper.example/", "gopher://x/"])
def test_a_redirect_to_what_is_no_web_address_is_refused(news: Any, fetcher: Fetcher, to: str) -> None:
    news.pages["/"] = (302, {"Location": to}, b"")
    refusal(fetcher, news.url())


def test_redirects_are_followed_to_the_last_address(news: Any, fetcher: Fetcher) -> None:
    news.pages["/a"] = (301, {"Location": "/b?c=d"}, b"")
    news.html("/b", STORY)
    found = fetcher.fetch(news.url("/a"))
    assert found and found.url == news.url("/b?c=d")


def test_redirects_in_a_circle_end(news: Any, fetcher: Fetcher) -> None:
    news.pages["/"] = (302, {"Location": "/"}, b"")
    assert "redirects" in refusal(fetcher, news.url())
    assert len(news.asked) == MAX_REDIRECTS + 1


def test_an_unknown_host_is_told() -> None:
    def look_up(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    assert "paper.example is not known" in refusal(Fetcher(look_up=look_up), "https://paper.example/")


def test_nobody_there_is_told(fetcher: Fetcher, news: Any) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    assert "could not be reached" in refusal(fetcher, f"http://127.0.0.1:{port}/")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for news.example that signs itself, in one file."""
    place = tmp_path_factory.mktemp("certificate") / "both.pem"
    command = [
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
        *("-subj", "/CN=news.example", "-addext", "subjectAltName=DNS:news.example"),
        *("-keyout", str(place.with_suffix(".key")), "-out", str(place)),
    ]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except OSError:
        pytest.skip("no openssl on the PATH to make a certificate with")
    place.write_text(place.read_text() + place.with_suffix(".key").read_text())
    return place


@contextmanager
def encrypted(certificate: Path) -> Iterator[int]:
    """A server that answers one request over TLS; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nwords"

    def serve(listening: socket.socket) -> None:
        with (
            suppress(OSError),
            listening.accept()[0] as plain,
            context.wrap_socket(plain, server_side=True) as one,
        ):
            one.recv(10_000)
            one.sendall(body)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=[listening])
        thread.start()
        yield int(listening.getsockname()[1])
        thread.join()


def test_certificates_are_checked_against_the_name_not_the_number(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = names(["127.0.0.1"])
    with encrypted(certificate) as port:
        assert "CERTIFICATE_VERIFY_FAILED" in refusal(Fetcher(PRIVATE, here), f"https://news.example:{port}/")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with encrypted(certificate) as port:
        found = Fetcher(PRIVATE, here).fetch(f"https://news.example:{port}/")
        assert found and found.data == b"words"
    with encrypted(certificate) as port:
        said = refusal(Fetcher(PRIVATE, here), f"https://other.example:{port}/")
        assert "Hostname mismatch" in said


# --- what is sent back -------------------------------------------------------------------------


def test_a_huge_body_is_not_read(news: Any, fetcher: Fetcher) -> None:
    news.html("/told", b"x" * 200_000)
    assert "fetch.max_mb" in refusal(fetcher, news.url("/told"))

    def endless() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        while True:
            yield b"x" * 10_000

    news.pages["/untold"] = endless()
    assert "fetch.max_mb" in refusal(fetcher, news.url("/untold"))


def test_a_packed_body_is_unpacked(news: Any, fetcher: Fetcher) -> None:
    news.html("/", gzip.compress(STORY), **{"Content-Encoding": "gzip"})
    found = fetcher.fetch(news.url())
    assert found and found.data == STORY


def test_a_bomb_is_not_unpacked(news: Any, fetcher: Fetcher) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 100_000
    news.html("/", bomb, **{"Content-Encoding": "gzip"})
    assert "fetch.max_mb" in refusal(fetcher, news.url())


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
def test_other_packings_are_refused(news: Any, fetcher: Fetcher, encoding: str) -> None:
    news.html("/", STORY, **{"Content-Encoding": encoding})
    assert "wanted gzip" in refusal(fetcher, news.url())


@given(st.binary(min_size=1, max_size=2000), st.integers(1, 50), st.integers(0, 3000))
def test_bodies_come_whole_or_not_at_all(body: bytes, step: int, limit: int) -> None:
    packed = zlib.compress(body)
    chunks = [packed[at : at + step] for at in range(0, len(packed), step)]
    if len(body) <= limit:
        assert read_body(chunks, "deflate", limit) == body
    else:
        with pytest.raises(FetchError):
            read_body(chunks, "deflate", limit)
    with pytest.raises(FetchError):
        read_body([packed[:-1]], "deflate", 4000)


@pytest.mark.parametrize("early", [True, False])
def test_a_slow_answer_ends_at_the_deadline(news: Any, early: bool) -> None:
    """Also one that sends a byte now and then, in its headers or in its body."""

    def drip() -> Iterator[bytes]:
        yield (
            b"HTTP/1.1 200 OK\r\nX-Slow: " if early else b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        )
        for _ in range(200):
            time.sleep(0.05)
            yield b"x"

    news.pages["/"] = drip()
    began = time.monotonic()
    said = refusal(Fetcher(Limits(private=True, timeout_s=0.5, pause_s=0)), news.url())
    assert time.monotonic() - began < 2 and "0.5 seconds" in said and "fetch.timeout_s" in said


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/zip", "text/css"])
def test_other_kinds_are_refused(news: Any, fetcher: Fetcher, kind: str) -> None:
    news.pages["/"] = (200, {"Content-Type": kind}, b"PK")
    assert kind in refusal(fetcher, news.url())


@pytest.mark.parametrize(
    ("media", "path", "data", "kind"),
    [
        ("text/html", "/", b"<!doctype html><html>", "page"),
        ("application/xml", "/", b"<?xml version='1.0'?><!-- a --><rss version='2.0'>", "feed"),
        (
            "text/html",
            "/",
            b"\xef\xbb\xbf<?xml version='1.0'?>\n<feed xmlns='http://www.w3.org/2005/Atom'>",
            "feed",
        ),
        ("text/plain", "/", b"<rdf:RDF xmlns:rdf='x'>", "feed"),
        ("application/xml", "/", b"<html xmlns='x'>", "page"),
        ("application/octet-stream", "/a", b"%PDF-1.4", "pdf"),
        ("text/plain", "/a.jsonl", b"{}", "jsonl"),
        ("text/plain", "/a", b"words", "text"),
        ("", "/a.html", b"<p>", "page"),
        ("application/json", "/", b"[]", "json"),
    ],
)
def test_kinds_are_told_apart(media: str, path: str, data: bytes, kind: str) -> None:
    assert kind_of(media, f"https://paper.example{path}", data) == kind


@pytest.mark.parametrize("status", [204, 401, 403, 404, 410, 500, 304])
def test_what_the_server_refuses_is_told(news: Any, fetcher: Fetcher, status: int) -> None:
    news.pages["/"] = (status, {"Content-Type": "text/html", "Content-Length": "0"}, b"")
    assert str(status) in refusal(fetcher, news.url())


def test_nonsense_instead_of_http_is_told(news: Any, fetcher: Fetcher) -> None:
    news.pages["/"] = iter([b"SSH-2.0-OpenSSH\r\n\x00\xff"])
    assert "connection failed" in refusal(fetcher, news.url())


# --- manners -----------------------------------------------------------------------------------


def test_who_asks_is_told_and_nothing_else_is_sent(news: Any, fetcher: Fetcher) -> None:
    news.html("/", STORY)
    fetcher.fetch(news.url())
    ((_, headers),) = news.asked
    assert headers["user-agent"].startswith("onrecord/")
    assert not {"cookie", "referer", "authorization"} & set(headers)


def test_what_has_not_changed_is_not_sent_again(news: Any, fetcher: Fetcher) -> None:
    news.pages["/"] = lambda headers: (
        (304, {}, b"")
        if headers.get("if-none-match") == '"1"'
        else (200, {"Content-Type": "text/html", "ETag": '"1"'}, STORY)
    )
    found = fetcher.fetch(news.url())
    assert found and found.validators == Validators('"1"')
    assert fetcher.fetch(news.url(), found.validators) is None


def test_a_busy_server_is_asked_again_when_it_says(news: Any, fetcher: Fetcher) -> None:
    replies = [(503, {"Retry-After": "1"}, b""), (200, {"Content-Type": "text/html"}, STORY)]
    news.pages["/"] = lambda headers: replies.pop(0)
    began = time.monotonic()
    found = fetcher.fetch(news.url())
    assert found and found.data == STORY and 1 <= time.monotonic() - began < 5


def test_a_long_wait_is_left_to_the_reader(news: Any, fetcher: Fetcher) -> None:
    news.pages["/"] = (429, {"Retry-After": "3600"}, b"")
    assert "wait 3600 seconds" in refusal(fetcher, news.url())
    assert len(news.asked) == 1


def test_other_failures_are_not_asked_again(news: Any, fetcher: Fetcher) -> None:
    news.pages["/"] = (500, {}, b"")
    refusal(fetcher, news.url())
    assert len(news.asked) == 1


def test_robots_are_kept_away_where_asked(news: Any, fetcher: Fetcher) -> None:
    news.pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /private/")
    for path in ("/private/a", "/open"):
        news.html(path, STORY)
    assert "robots.txt" in refusal(fetcher, news.url("/private/a"), robots=True)
    assert fetcher.fetch(news.url("/open"), robots=True)
    assert fetcher.fetch(news.url("/private/a"))
    assert news.paths() == ["/robots.txt", "/open", "/private/a"]


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_robots_keep_away_while_nobody_knows_what_is_allowed(
    news: Any, fetcher: Fetcher, status: int
) -> None:
    news.pages["/robots.txt"] = (status, {"Content-Type": "text/plain"}, b"")
    news.html("/open", STORY)
    for _ in range(2):
        told = refusal(fetcher, news.url("/open"), robots=True)
        assert "robots.txt" in told and "try again later" in told
    assert fetcher.fetch(news.url("/open"))
    assert news.paths() == ["/robots.txt", "/open"]


def test_robots_keep_away_where_robots_txt_breaks_off(news: Any, fetcher: Fetcher) -> None:
    news.pages["/robots.txt"] = iter([b"no HTTP\r\n\r\n"])
    news.html("/open", STORY)
    assert "robots.txt" in refusal(fetcher, news.url("/open"), robots=True)
    assert "/open" not in news.paths()


@pytest.mark.parametrize(
    "reply",
    [(401, {}, b""), (403, {}, b""), (404, {}, b""), (200, {"Content-Type": "text/plain"}, b"")],
)
def test_without_robots_txt_all_is_allowed(news: Any, fetcher: Fetcher, reply: Any) -> None:
    news.pages["/robots.txt"] = reply
    news.html("/open", STORY)
    assert fetcher.fetch(news.url("/open"), robots=True)


def test_robots_txt_that_could_not_be_read_is_tried_again_after_ten_minutes() -> None:
    clock, answers = [0.0], [Unreachable("down"), "User-agent: *\nDisallow: /private/"]

    def read(address: str) -> str:
        answer = answers.pop(0)
        if isinstance(answer, Unreachable):
            raise answer
        return answer

    robots = Robots("onrecord", read, lambda: clock[0])
    for clock[:] in ([0.0], [599.0]):
        with pytest.raises(FetchError, match="cannot be read"):
            robots.check("https://paper.example/open")
    for clock[:] in ([601.0], [24 * 3600.0]):
        robots.check("https://paper.example/open")
        with pytest.raises(FetchError, match="asks programs not to read"):
            robots.check("https://paper.example/private/a")


def test_one_host_is_asked_one_thing_at_a_time_with_pauses(news: Any) -> None:
    times: list[tuple[float, float]] = []

    def page(headers: dict[str, str]) -> Any:
        began = time.monotonic()
        time.sleep(0.05)
        times.append((began, time.monotonic()))
        return 200, {"Content-Type": "text/html"}, STORY

    news.pages["/"] = page
    fetcher = Fetcher(Limits(private=True, pause_s=0.1))
    threads = [threading.Thread(target=fetcher.fetch, args=[news.url()]) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(times) == 3
    for (_, ended), (began, _) in zip(sorted(times), sorted(times)[1:], strict=False):
        assert began - ended >= 0.08


def test_closing_ends_what_is_waited_for(news: Any) -> None:
    news.pages["/"] = (429, {"Retry-After": "50"}, b"")
    fetcher = Fetcher(PRIVATE)
    timer = threading.Timer(0.2, fetcher.close)
    timer.start()
    assert "ended" in refusal(fetcher, news.url())
    timer.join()
    assert "ended" in refusal(fetcher, news.url())

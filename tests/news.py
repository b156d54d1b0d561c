"""A web server on this machine that answers as a test tells it to, and names that lead to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Reply = tuple[int, dict[str, str], bytes]
Page = Reply | Callable[[dict[str, str]], Reply] | Iterator[bytes]
HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass
class News:
    """Pages by path: a reply, what makes one from the request's headers, or raw bytes to write one by one."""

    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """The address of a path here."""
        return f"http://{host}:{self.port}{path}"

    def html(self, path: str, body: bytes, **headers: str) -> None:
        """Serve a page."""
        self.pages[path] = (200, HTML | headers, body)

    def story(self, path: str, title: str, *paragraphs: str, head: str = "") -> None:
        """Serve the page of an article."""
        words = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        page = (
            f"<html lang=en><head><title>{title}</title>{head}</head>"
            f"<body><article><h1>{title}</h1>{words}</article></body></html>"
        )
        self.html(path, page.encode())

    def feed(self, path: str, *entries: str, **headers: str) -> None:
        """Serve an RSS feed of these items."""
        items = "".join(f"<item>{entry}</item>" for entry in entries)
        channel = f"<channel><title>Sound Gazette</title>{items}</channel>"
        body = f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'.encode()
        self.pages[path] = (200, {"Content-Type": "application/rss+xml"} | headers, body)

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [path for path, _ in self.asked]


class _Answering(BaseHTTPRequestHandler):
    news: News

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = urlsplit(self.path).path
        self.news.asked.append((path, headers))
        page = self.news.pages.get(path, (404, HTML, b"<p>nothing here</p>"))
        with suppress(OSError):  # whoever asked had enough
            if isinstance(page, tuple) or callable(page):
                self._reply(page if isinstance(page, tuple) else page(headers))
            else:
                self._write(page)

    def _reply(self, reply: Reply) -> None:
        status, headers, body = reply
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _write(self, parts: Iterator[bytes]) -> None:
        for part in parts:
            self.wfile.write(part)
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[News]:
    """A server of its own, on a free port of 127.0.0.1."""
    news = News()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answering", (_Answering,), {"news": news}))
    server.daemon_threads = True
    news.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield news
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

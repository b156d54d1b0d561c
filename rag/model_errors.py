"""What went wrong with a chat model, in one line for the person who asked.

Reads the errors of the providers' libraries by what they have in common: a status, a name, a cause. Never
tells a key, not even one that a provider quotes back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from index.errors import OnrecordError

_LONGEST = 200
_KEYS = re.compile(r"(?i)\b(?:sk|gsk|xai)[-_][\w*.-]{6,}|AIza[\w-]{10,}|(?<=bearer )\S+|(?<=key=)\S+")
_SECRET = re.compile(r"(?:_KEY|_TOKEN|_SECRET)$")
_TOO_LONG = re.compile(r"(?i)context|too long|maximum.{0,20}tokens|exceeds?.{0,40}tokens|too many tokens")
_UNREACHED = re.compile(r"Connect(?:ion)?(?:Error|Refused\w*)$|gaierror")
_BROKEN = re.compile(r"ProtocolError$|ReadError$|IncompleteRead$|Connection(?:Reset|Aborted)\w*$|BrokenPipe")
_LATE = re.compile(r"Time(?:d)?out")


def explain(error: BaseException, name: str) -> str:
    """One line on an error that arose while the model `name` was asked: what happened, what to do."""
    chain = list(_causes(error))
    for one in chain:
        if isinstance(one, OnrecordError):
            return str(one)
    status = next((status for one in chain if (status := _status(one))), 0)
    kinds = [type(one).__name__ for one in chain]
    if status:
        return _refused(status, _message(chain), name)
    if any(map(_LATE.search, kinds)):
        return f"{name} did not answer in time: try again, or raise llm.timeout_s"
    if any(map(_BROKEN.search, kinds)):
        return f"the connection to {name} broke off ({_message(chain[-1:])}): try again"
    if any(map(_UNREACHED.search, kinds)) or isinstance(error, ConnectionError):
        return f"{name} cannot be reached ({_message(chain[-1:])}): is its server running, the network there?"
    if isinstance(error, MemoryError):
        return f"{name} found too little memory: close other programs or take a smaller model"
    return f"{name} failed, {kinds[0]}: {_message(chain)}"


def _refused(status: int, message: str, name: str) -> str:
    """The line for an answer of the server that is none; `status` as in HTTP."""
    if status in (401, 403):
        return f"{name} refused the key ({status}): check the key and what it may be used for"
    if status == 404:
        return f"{name} is not known to its server (404; {message}): check the name of the model"
    if status == 429:
        return f"{name} turned the request away (429; {message}): wait, or look at what the account may use"
    if status in (408, 504):
        return f"{name} did not answer in time ({status}): try again, or raise llm.timeout_s"
    if status >= 500:
        return f"the server of {name} failed ({status}; {message}): try again later"
    if _TOO_LONG.search(message):
        return f"the prompt is too long for {name} ({message}): lower llm.context_tokens"
    return f"{name} refused the request ({status}; {message}): check llm.options"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it arose from, outermost first."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _status(error: BaseException) -> int:
    """The HTTP status an error carries; 0 if none."""
    told: list[Any] = [getattr(error, name, None) for name in ("status_code", "code", "http_status")]
    told.append(getattr(getattr(error, "response", None), "status_code", None))
    return next((one for one in told if isinstance(one, int) and 400 <= one <= 599), 0)


def _message(chain: list[BaseException]) -> str:
    """What the outermost error that says something says, on one line, shortened, without keys."""
    for one in chain:
        body = getattr(one, "body", None)
        told = body.get("message") if isinstance(body, dict) else None
        words = " ".join(str(told or one).split())
        if words:
            return redacted(words)[:_LONGEST]
    return type(chain[-1]).__name__


def redacted(text: str) -> str:
    """The text without what looks like a key, or is one in the environment."""
    for variable, value in os.environ.items():
        if len(value) >= 8 and _SECRET.search(variable.upper()):
            text = text.replace(value, "…")
    return _KEYS.sub("…", text)

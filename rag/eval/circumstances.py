"""What the answers of a run depend on besides the program, as it is recorded: runs that differ in it differ.

Secrets are no part of it. Knows nothing of suites as folders, or of how long a run takes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rag.eval.machine import judge_hash
from rag.eval.types import Question
from rag.types import EXTRACTIVE

if TYPE_CHECKING:
    from index.archive import Archive
    from rag.config import Settings

_DIGITS = 16
_SECRET = re.compile(
    r"key|token$|secret|password|passwd|credential|auth|cookie|bearer|headers", re.IGNORECASE
)
_LOGIN = re.compile(r"(?<=://)[^/@\s]+@")
HIDDEN = "(not recorded)"


def settings_facts(settings: Settings) -> dict[str, Any]:
    """The settings without the home folder and without secrets; with a chat model also its prompts.

    `prompt` and `rewrite_prompt` are names with their hashes. Raises SettingsError.
    """
    facts: dict[str, Any] = without_secrets(settings.model_dump(mode="json", exclude={"home"}))
    if settings.answer.llm == EXTRACTIVE:
        return {name: value for name, value in facts.items() if name != "llm"}
    from rag.messages import answer_prompt, rewrite_prompt
    from rag.models import prompt_of

    facts["prompt"] = answer_prompt(prompt_of(settings.answer.llm, settings.llm)).id
    if settings.llm.rewrite == "model":
        facts["rewrite_prompt"] = rewrite_prompt(settings.llm.rewrite_prompt).id
    return facts


def archive_facts(archive: Archive, questions: Sequence[Question]) -> dict[str, Any]:
    """What the questions and the index are."""
    facts = archive.info()
    return {
        "questions": hashlib.sha256(repr(questions).encode()).hexdigest()[:_DIGITS],
        "articles": facts["articles"],
        "passages": facts["passages"],
        "fingerprint": facts["fingerprint"],
        "judge": judge_hash(),
    }


def without_secrets(value: Any) -> Any:
    """The settings with what looks like a secret hidden: by its name, or as the login of an address."""
    if isinstance(value, Mapping):
        return {
            name: HIDDEN if item and _SECRET.search(str(name)) else without_secrets(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    return _LOGIN.sub("", value) if isinstance(value, str) else value

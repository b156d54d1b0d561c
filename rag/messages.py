"""Question and excerpts to what a chat model is told: the prompt filled, the sources numbered and dated.

What the articles say goes into the message as data; no word of theirs is read as part of a template. Knows
nothing of how the model is called.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from prompts.load import Prompt, PromptError, load_prompt
from rag.abstain import UNANSWERED
from rag.errors import SettingsError
from rag.excerpts import Excerpt
from rag.types import Turn

_SOURCE = ("number", "outlet", "date", "title")
_USER = ("sources", "asked", "question")
ANSWER_PARTS = {"system": (), "user": _USER, "source": (*_SOURCE, "text")}
NUMBERED_PARTS = {"system": (), "user": _USER, "source": (*_SOURCE, "sentences")}
REWRITE_PARTS = {"system": (), "user": ("history", "question"), "source": ()}
_DECLINES = re.compile(
    r"\W*(?:unfortunately,? |sorry,? |i'm sorry,? |based on [^.,]{3,40}, )*"
    r"(?:the|these|those|none of the|no) (?:provided |given |numbered )?(?:articles?|sources?|texts?)"
    r"(?: provided| given| above)? (?:do(?:es)? not|don['’]t|doesn['’]t|did not|can ?not|can['’]t|give no|"
    r"provide no|contain no|have no|say nothing|answers? (?:this|the question))",
    re.IGNORECASE,
)
_TURNS_TOLD = 4
_TURN_CHARACTERS = 600


def answer_prompt(name: str) -> Prompt:
    """The prompt for answers by its name. Raises SettingsError.

    Its sources are written with `$text`, or with `$sentences`, each after its number, as in [1.2].
    """
    numbered = "sentences" in _load(name, {}).variables("source")
    return _load(name, NUMBERED_PARTS if numbered else ANSWER_PARTS)


def rewrite_prompt(name: str) -> Prompt:
    """The prompt that completes follow-ups, by its name. Raises SettingsError."""
    return _load(name, REWRITE_PARTS)


def _load(name: str, parts: dict[str, tuple[str, ...]]) -> Prompt:
    try:
        return load_prompt(name, parts)
    except PromptError as error:
        raise SettingsError(str(error)) from error


def source_text(prompt: Prompt, excerpt: Excerpt) -> str:
    """One source as the model sees it: number, outlet, day, headline, words."""
    head = excerpt.hit.head
    told = prompt.variables("source").intersection(("text", "sentences"))
    return prompt.fill(
        "source",
        number=excerpt.number,
        outlet=_line(head.source or "outlet unknown"),
        date=head.published.isoformat() if head.published else "date unknown",
        title=_line(head.title or "untitled"),
        **{name: _numbered(excerpt) if name == "sentences" else _line(excerpt.text) for name in told},
    )


def _numbered(excerpt: Excerpt) -> str:
    """Its sentences on one line, each after the number by which it is cited."""
    told = (_line(excerpt.words(span)) for span in excerpt.sentences)
    return " ".join(f"[{excerpt.number}.{i}] {words}" for i, words in enumerate(told, 1))


def answer_messages(
    prompt: Prompt, question: str, excerpts: Sequence[Excerpt], asked: date | None
) -> list[BaseMessage]:
    """What the model is told to answer a question that stands alone."""
    user = prompt.fill(
        "user",
        sources="\n\n".join(source_text(prompt, excerpt) for excerpt in excerpts),
        asked=asked and asked.isoformat(),
        question=_line(question),
    )
    return [SystemMessage(prompt.fill("system")), HumanMessage(user)]


def rewrite_messages(prompt: Prompt, question: str, history: Sequence[Turn]) -> list[BaseMessage]:
    """What the model is told to complete a follow-up."""
    told = "\n".join(
        f"{turn.role.capitalize()}: {_line(turn.content)[:_TURN_CHARACTERS]}"
        for turn in history[-_TURNS_TOLD:]
    )
    user = prompt.fill("user", history=told, question=_line(question))
    return [SystemMessage(prompt.fill("system")), HumanMessage(user)]


def declines(words: str) -> bool:
    """Whether a sentence says that the sources do not answer."""
    return _DECLINES.match(words) is not None


def may_decline(words: str) -> bool:
    """Whether a sentence that is being written may become one that says so, so that it is not shown yet."""
    said, sign = words.lower().strip(), UNANSWERED.lower()
    return sign.startswith(said) or declines(words)


def _line(text: str) -> str:
    return " ".join(text.split())

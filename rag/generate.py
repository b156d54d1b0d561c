"""Question and ranked sentences to an answer in a chat model's words, growing while it is written.

Every whole sentence is checked as soon as it stands there; when the first one that claims something is not
borne out, the rest is not waited for. Whatever the model does (declines, fails, is cut off, writes what no
article says), the answer says so; the one made of article sentences stands ready.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from index.types import Hit
from index.words import content_stems
from prompts.load import Prompt
from rag.abstain import UNANSWERED, UNBORNE, abstention
from rag.cite import Cited, Sentence, cite
from rag.config import LlmSettings
from rag.copies import with_copies
from rag.errors import ModelError
from rag.excerpts import Excerpt, gather_excerpts
from rag.ground import Grounding, borne_out, of_another_year, tells_more
from rag.markers import Transcript
from rag.messages import (
    answer_messages,
    answer_prompt,
    declines,
    may_decline,
    rewrite_messages,
    rewrite_prompt,
    source_text,
)
from rag.task import Task, with_others
from rag.types import CUT_OFF, Answer, Turn
from rag.verify.verifier import Verifier
from rag.verify.words import bare, claims_nothing
from rag.wording import MAX_SENTENCES, MAX_WORDS, tells_new
from rag.writing import Writing

if TYPE_CHECKING:
    from rag.models import ChatModel

_LONGEST_QUESTION = 300


@dataclass(slots=True)
class _Draft:
    """An answer as it is being written."""

    task: Task
    excerpts: Sequence[Excerpt]
    hits: tuple[Hit, ...]
    about: dict[str, Any]
    rounded: bool
    transcript: Transcript = field(default_factory=Transcript)
    sentences: list[Sentence] = field(default_factory=list)

    @property
    def shown(self) -> list[Sentence]:
        """The checked sentences; with strict abstention only those that are borne out."""
        return borne_out(self.sentences) if self.task.mode == "strict" else self.sentences

    @property
    def declined(self) -> bool:
        """Whether it begins by saying that the sources do not answer."""
        return bool(self.sentences) and declines(self.sentences[0].words)

    @property
    def in_vain(self) -> bool:
        """Whether it is no answer: the first sentence that claims something has to be borne out, to tell more
        than the question does, and not of another year."""
        lead = next((one for one in self.sentences if not claims_nothing(bare(one.words))), None)
        if lead is None or self.declined:
            return self.declined
        query = self.task.query
        good = borne_out([lead]) and tells_more(lead.words, query) and not of_another_year(lead, query)
        return not good


class Author:
    """Answers with one chat model. Safe to use from several threads."""

    def __init__(self, model: ChatModel, settings: LlmSettings, verifier: Verifier) -> None:
        self.model = model
        self.prompt: Prompt = answer_prompt(settings.prompt or model.prompt)
        self.rewrite_prompt: Prompt = rewrite_prompt(settings.rewrite_prompt)
        self._settings = settings
        self._verifier = verifier

    def write(self, task: Task) -> Iterator[Answer]:
        """Growing answers, the last one whole; the same one again as a sign of life while nothing comes.

        Closing the iterator ends the model's work.
        """
        draft = self._begin(task)
        grounding = Grounding(draft.excerpts, self._verifier, task.sources)
        messages = answer_messages(self.prompt, task.query, draft.excerpts, task.asked)
        writing, problem = Writing(self.model, messages, self._settings.timeout_s), ""
        yield (answer := _growing(draft))
        task.clock.lap("prompt")
        try:
            with closing(iter(writing)) as pieces:
                for piece in pieces:
                    if piece:
                        if _take(draft, piece, grounding) and draft.in_vain:
                            break  # nothing that follows can mend it
                        answer = _growing(draft)
                    yield answer
        except ModelError as error:
            problem = str(error)
        task.clock.lap("write" if draft.transcript.raw else "first")
        if not draft.in_vain:
            draft.transcript.finish()
            _check_new(draft, grounding)
        draft.about["tokens"] = writing.usage
        ending = _ending(draft, problem or (CUT_OFF if writing.cut_off else ""))
        yield with_copies(ending, task.sources)

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        """The follow-up made to stand alone; "" when the model fails or what it writes is no question."""
        messages = rewrite_messages(self.rewrite_prompt, question, history)
        try:
            written = "".join(Writing(self.model, messages, self._settings.timeout_s))
        except ModelError:
            return ""
        line = written.strip().split("\n")[0].strip(' "“”')
        return line if 0 < len(line) <= _LONGEST_QUESTION else ""

    def _begin(self, task: Task) -> _Draft:
        def cost(excerpt: Excerpt) -> int:
            tokens: int = self.model.count(source_text(self.prompt, excerpt))
            return tokens

        excerpts = gather_excerpts(task.ranked, cost, self.model.context_tokens)
        hits = with_others(task.hits, (excerpt.hit for excerpt in excerpts))
        about = {"llm": self.model.name, "prompt": self.prompt.id, "excerpts": len(excerpts)}
        return _Draft(task, excerpts, hits, about, self._settings.round_off)


def _take(draft: _Draft, piece: str, grounding: Grounding) -> bool:
    """Whether a sentence has become whole with the piece."""
    if not draft.transcript.raw:
        draft.task.clock.lap("first")
    draft.transcript.feed(piece)
    return _check_new(draft, grounding)


def _check_new(draft: _Draft, grounding: Grounding) -> bool:
    """Check the sentences that have become whole; whether there are any."""
    new = draft.transcript.sentences[len(draft.sentences) :]
    for written in new:
        with draft.task.clock.within("check"):
            draft.sentences.append(grounding.check(written))
    return bool(new)


def _growing(draft: _Draft) -> Answer:
    """What can be shown so far: nothing while the model may be about to decline."""
    transcript = draft.transcript
    first = transcript.sentences[0].words if transcript.sentences else transcript.tail
    if may_decline(first):
        return _answer(draft, Cited(""), done=False)
    cited = cite(draft.shown)
    tail = "" if draft.task.mode == "strict" else transcript.tail
    gap = transcript.tail_gap if cited.text and tail else ""
    return _answer(draft, replace(cited, text=cited.text + gap + tail), done=False)


def _ending(draft: _Draft, problem: str) -> Answer:
    """The whole answer. An abstention keeps what the model wrote in vain in its trace."""
    task, sentences = draft.task, draft.sentences
    if problem:
        return _broken(draft, problem)
    if borne_out(sentences) and not draft.in_vain:
        more = _more(draft)
        draft.about["added"] = len(more)
        return _answer(draft, cite([*draft.shown, *more]))
    if sentences and not draft.declined:
        draft.about["unborne"] = " ".join(sentence.words for sentence in sentences)
    draft.about["declined"] = draft.declined
    if task.mode == "off" or (_stands_in(task) and not draft.declined):
        return _answer(draft, Cited(task.told.text, task.told.citations, task.told.claims))
    note = UNANSWERED if draft.declined else UNBORNE
    return abstention(_answer(draft, Cited("")), task.hits, note)


def _stands_in(task: Task) -> bool:
    """Whether the articles' own sentences are good enough to stand where a model wrote in vain."""
    return task.sure and not any(of_another_year(one, task.query) for one in task.quoted[:1])


def _more(draft: _Draft) -> list[Sentence]:
    """Article sentences that tell what the model's do not, where its answer is short: with them it is as long
    as one made of article sentences alone. The first begins a paragraph."""
    more: list[Sentence] = []
    if not draft.rounded:
        return more
    shown = borne_out(draft.sentences)
    told = {stem for one in shown for stem in content_stems(one.words)}
    words = sum(len(one.words.split()) for one in shown)
    for one in draft.task.quoted:
        new, length = set(content_stems(one.words)), len(one.words.split())
        if len(shown) + len(more) == MAX_SENTENCES or words + length > MAX_WORDS or not tells_new(new, told):
            continue
        more.append(one if more else replace(one, gap="\n\n"))
        told |= new
        words += length
    return more


def _broken(draft: _Draft, problem: str) -> Answer:
    """What was shown before the model ended early, and the other answer; half a sentence is no claim."""
    sentences = list(draft.shown)
    half = sentences.pop() if sentences and not _is_whole(sentences[-1]) else None
    cited = cite(sentences)
    if half:
        cited = replace(cited, text=cited.text + (half.gap if cited.text else "") + half.words)
    return replace(_answer(draft, cited), problem=problem, instead=draft.task.told)


def _is_whole(sentence: Sentence) -> bool:
    return sentence.words.rstrip("\"'”’»)*_")[-1:] in (".", "!", "?", "…")


def _answer(draft: _Draft, cited: Cited, *, done: bool = True) -> Answer:
    told = draft.task.told
    trace = {**told.trace, **draft.about, "milliseconds": dict(draft.task.clock.laps)}
    return replace(
        told,
        text=cited.text,
        raw=draft.transcript.raw,
        citations=cited.citations,
        claims=cited.claims,
        hits=draft.hits,
        abstained=False,
        trace=MappingProxyType(trace),
        done=done,
    )

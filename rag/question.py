"""Reads a question: what kind of answer it wants, whom it names, what it is about.

A pure reading of the words, without articles and without a model. English patterns only; a
question they do not fit is of kind "other" and still has names and topic words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from index.speakers.names import name_matches, speaks_for
from index.words import STOPWORDS, content_stems, stem, tokens, word_set
from rag.times import NO_TIME, Time, read_time

Kind = Literal["said", "who", "when", "where", "number", "why", "other"]

_SAY = (
    r"say|said|says|tell|told|state|stated|think|thought|thinks|believe|believed|believes|claim|claimed|claims|"
    r"announce|announced|warn|warned|suggest|suggested|promise|promised|comment|react|reacted|respond|"
    r"responded|reply|replied|answer|answered|argue|argued|describe|described|call for|called for|explain|"
    r"call|called|explained|propose|proposed|demand|demanded|insist|insisted|mean|predict|predicted|respond|"
    r"dismiss|dismissed|reject|rejected|deny|denied|confirm|confirmed|declare|declared|admit|admitted|vow|vowed|"
    r"pledge|pledged|accuse|accused|condemn|condemned|welcome|welcomed|praise|praised|urge|urged"
)
_SAID = (
    # what did X say about Y; what has X said; how did X react to Y; why does X think Y
    rf"^(?:and |but |so )?(?:what|how|why|when|where|which|who)(?: [\w-]+){{0,4}}? "
    rf"(?:did|does|do|has|have|had) (?P<who>.+?) "
    rf"(?P<cue>{_SAY})\b(?P<topic>.*)$",
    # does X think Y; did X say that Y
    rf"^(?:and |but |so )?(?:did|does|do|has|have) (?P<who>.+?) (?P<cue>{_SAY})\b(?P<topic>.*)$",
    # what was X's reaction to Y
    r"^(?:and |but |so )?what (?:was|were|is|are) (?P<who>.+?)(?:'s|’s|s'|s’|') (?:\w+ ){0,2}"
    r"(?P<cue>reaction|response|reply|answer|comment|comments|statement|view|views|opinion|position|stance|words)\b(?P<topic>.*)$",
    # what was the reaction of X to Y
    r"^what (?:was|were|is) the (?P<cue>reaction|response|reply|answer|view|position|stance|opinion) of "
    r"(?P<who>.+?)(?P<topic> (?:to|on|about|regarding|towards?)\b.*)?$",
    # according to X, ...; ... in X's view
    r"^(?P<topic>.+?),? (?:(?P<cue>according) to (?P<who>[^,?]+))$",
    r"^(?P<cue>according) to (?P<who>[^,?]+), (?P<topic>.+)$",
    r"^(?P<topic>.+?),? in (?P<who>[^,?]+?)(?:'s|’s|s'|s’) (?P<cue>view|opinion|words|account)$",
)
_SAID_PATTERNS = tuple(re.compile(p, re.IGNORECASE) for p in _SAID)
_WHO_SAID = re.compile(
    # who said that Y; which minister has called Y a lie; who was it that warned of Y
    r"^(?:and |but |so )?(?:who|which(?: [\w-]+){1,3}?)(?: was it (?:that|who))?"
    r"(?: (?:has|have|had|first|also|publicly|openly))* "
    r"(?:said|told|called|described|warned|claimed|announced|argued|insisted|promised|denied|dismissed|rejected|"
    r"suggested|stated|predicted|demanded|urged|accused|condemned|praised|criticised|criticized|welcomed|vowed|"
    r"pledged|confirmed|declared|admitted|thanked|compared|likened)\b",
    re.IGNORECASE,
)
_JUST_SAY = word_set("say said tell told state")
_BROAD = re.compile(r"^what happened with (?P<topic>.+)$", re.IGNORECASE)
_ACCORDING = re.compile(r"\baccording to\b", re.IGNORECASE)
_REACTION = re.compile(r"re(?:act|spon|pl)", re.IGNORECASE)
_WHAT_SAID = re.compile(
    r"^(?:and |but |so )?(?:what|how) (?:did|does|do|has|have|was|is|were)\b", re.IGNORECASE
)
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "number",
        re.compile(
            r"\bhow (?:many|much|long|old|far|tall|big|large|high|fast|often|deep|heavy)\b"
            r"|\bwhat (?:percentage|share|proportion|number|amount|age|score|rank(?:ing)?|price|"
            r"temperature)\b"
            r"|\bwhat (?:is|was|are|were) the (?:\w+ ){0,3}(?:number|amount|percentage|price|cost|score|"
            r"value|ranking|population|prize|budget|age|death toll|toll|fine)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "when",
        re.compile(
            r"^when\b|\b(?:what|which|on what|on which|in what|in which|what's the) (?:\w+ ){0,4}?"
            r"(?:date|year|month|day|time|week|century)\b|^since when\b|\bdate\b",
            re.IGNORECASE,
        ),
    ),
    (
        "where",
        re.compile(
            r"^where\b|\b(?:what|which) (?:\w+ ){0,2}?(?:city|country|state|town|place|location|venue|"
            r"village|region|island|stadium|continent|nation|river|capital)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "who",
        re.compile(
            r"^who\b|\bwhom\b|^whose\b"
            r"|\b(?:what|which) (?:\w+ ){0,3}?(?:person|man|woman|actor|actress|singer|"
            r"player|team|company|club|party|president|minister|leader|artist|band|politician|senator|journalist|"
            r"organi[sz]ation|group|star|author|director|driver|athlete)\b",
            re.IGNORECASE,
        ),
    ),
    ("why", re.compile(r"^why\b|\bwhat (?:\w+ ){0,2}(?:reason|cause)d?\b|\bhow come\b", re.IGNORECASE)),
)
_USED_TO = re.compile(r" used? to ")
_TITLES = word_set(
    """
    mr mrs ms dr president minister prime foreign defence defense spokesman spokesperson spokeswoman
    sir lord king queen prince princess general gen senator sen rep governor gov secretary
    chancellor pope
    """
)
_BODIES = word_set("US")
"""Written like this they are no stopwords."""
_NOT_NAMES = STOPWORDS | word_set(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december according i
    """
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question asks for.

    `names` are stems of capitalised names, one tuple a name, in order; `topic` are stems of all
    content words; `speaker` are the stems of the one whose words are wanted (kind "said"), `who` the words
    as they were asked; `asks_speaker` tells that who said something is what is asked. `time` is when it was
    said, if that is told; its words are no topic then. `anything`: any words of the speaker are an answer,
    or any on the topic.
    """

    text: str
    kind: Kind
    names: tuple[tuple[str, ...], ...]
    topic: tuple[str, ...]
    speaker: tuple[str, ...] = ()
    who: str = ""
    asks_speaker: bool = False
    time: Time = NO_TIME
    anything: bool = False

    @property
    def matter(self) -> str:
        """The question to compare with a sentence: a time that its words are of stands seldom in them."""
        return f"{self.time.without}?" if self.time.of_saying and self.time.days else self.text

    def means(self, speaker: str) -> bool:
        """Whether a name as an article gives it is the one whose words are wanted."""
        return bool(self.who) and name_matches(speaker, self.who)

    def is_spoken_for_by(self, source: str) -> bool:
        """Whether the words that name a source give it a role in the body whose words are wanted."""
        return bool(self.who) and speaks_for(source, self.who)

    @property
    def told(self) -> frozenset[str]:
        """Stems of all content words, the speaker's among them: what an answer need not tell again."""
        return frozenset(content_stems(self.text))


def read_question(question: str, asked: date | None = None) -> Reading:
    """Read one question, standing alone (see `rag.rewrite` for follow-ups); times count from `asked`."""
    text = " ".join(question.split())
    whole = _USED_TO.sub(" ", text.rstrip(" ?!.:"))
    names, time = _names(whole), read_time(whole, asked)
    if _ACCORDING.search(whole):  # a time is that of what is told, not of the telling
        time = Time(whole)
    who, topic_text, cue = _speech(time.without)
    speaker = _speaker_stems(who)
    if not speaker:
        kind = _kind(whole, said=False)
        asks_speaker = kind == "who" and bool(_WHO_SAID.match(whole))
        broad = _BROAD.match(whole)
        topic = tuple(content_stems(broad["topic"])) if broad else ()
        time = time if asks_speaker else NO_TIME
        return Reading(
            text,
            kind,
            names,
            topic or tuple(content_stems(whole)),
            asks_speaker=asks_speaker,
            time=time,
            anything=bool(topic),
        )
    bare, topic_text = time.without, topic_text.strip()
    topic = tuple(content_stems(topic_text)) or tuple(content_stems(bare))
    cue_stems = {stem(word) for word in cue.split()} | set(speaker)
    topic = tuple(t for t in topic if t not in cue_stems) or topic
    reaction = _REACTION.match(cue)  # may be a deed, or be told by others
    said = _WHAT_SAID.match(bare) and cue != "according" and not reaction
    kind = "said" if said else _kind(topic_text if cue == "according" else bare, said=not reaction)
    anything = kind == "said" and cue.lower() in _JUST_SAY and not topic_text
    return Reading(text, kind, names, topic, speaker, who, time=time, anything=anything)


def _kind(text: str, *, said: bool) -> Kind:
    for kind, pattern in _KINDS:
        if pattern.search(text):
            return kind
    return "said" if said else "other"


def _speech(text: str) -> tuple[str, str, str]:
    """(who speaks, topic text, cue) of a question about somebody's words; empty if it is none."""
    for pattern in _SAID_PATTERNS:
        found = pattern.match(text)
        if found and len(found["who"].split()) <= 8 and _speaker_stems(found["who"]):
            return found["who"], found["topic"] or "", found["cue"]
    return "", "", ""


def _speaker_stems(who: str) -> tuple[str, ...]:
    """Stems of the speaker's words; a title in front of a name ("President X") does not count."""
    words = [word for word, _, _ in tokens(who)]
    kept = [
        word
        for word, following in zip(words, [*words, ""][1:], strict=True)
        if not (word.lower() in _TITLES and following[:1].isupper())
    ]
    return tuple(dict.fromkeys(stem(w) for w in kept if w.lower() not in STOPWORDS or w in _BODIES))


def _names(text: str) -> tuple[tuple[str, ...], ...]:
    """Runs of capitalised words; the first word of the question counts only inside a run of two."""
    runs: list[list[str]] = []
    last_end = -2
    for i, (word, start, end) in enumerate(tokens(text)):
        capital = word[:1].isupper() and word.lower() not in _NOT_NAMES
        if capital and not (i == 0 and not word.isupper() and word.lower() in _NOT_NAMES):
            if runs and start - last_end <= 1 and last_end > 0:
                runs[-1].append(stem(word))
            else:
                runs.append([stem(word)])
            last_end = end
    return tuple(dict.fromkeys(tuple(run) for run in runs))

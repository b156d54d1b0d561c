"""Words that ask without being a question: "Tell me about the flood" is read as one; "flood" is a search.

Pure, and English only.
"""

from __future__ import annotations

import re

_PLEASE = r"^(?:(?:and|so|now|please|can you|could you|would you|will you),? )*"
_ASKS_FOR = (
    r"(?:(?:tell|inform|remind|show) (?:me|us)|summari[sz]e|sum up|describe|explain|let me know"
    r"|(?:give (?:me|us) )?(?:a|an) (?:short |brief )?(?:summary|overview|account) of)(?: to (?:me|us))?"
)
_WORDS_OF = re.compile(
    rf"{_PLEASE}{_ASKS_FOR},? what (?P<who>(?:[\w’'.-]+ ){{0,4}}[\w’'.-]+) (?:said|says|has said|told)\b"
    r"(?P<rest>.*?)[?.! ]*$",
    re.IGNORECASE,
)
_QUESTION_IN_IT = re.compile(
    rf"{_PLEASE}{_ASKS_FOR},? (?P<asked>(?:what|who|whom|whose|when|where|why|how|which)\b.+?)[?.! ]*$",
    re.IGNORECASE,
)
_MATTER = re.compile(
    rf"{_PLEASE}{_ASKS_FOR},? (?:more |something |everything |all )?(?:about |of |on )?"
    r"(?P<matter>.+?)[?.! ]*$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?\s*$|\b(?:what|who|whom|whose|when|where|why|how|which)\b"
    r"|^\W*(?:(?:and|but|so|or) )?(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may"
    r"|might|must)\b",
    re.IGNORECASE,
)


def as_question(text: str) -> str:
    """A request as the question it stands for; anything else unchanged."""
    words = _WORDS_OF.match(text)
    if words:
        return f"What did {words['who']} say{words['rest']}?"
    within = _QUESTION_IN_IT.match(text)
    if within:
        return f"{within['asked'][:1].upper()}{within['asked'][1:]}?"
    told = _MATTER.match(text)
    return f"What happened with {told['matter']}?" if told else text


def asks(text: str) -> bool:
    """Whether it is a question; other words are something to look for."""
    return bool(_ASKS.search(text))

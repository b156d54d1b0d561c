"""When the text of an answer counts as right, as several benchmarks define it; pure.

Gold answers come as groups of variants: an answer has to hold every group, and a group is held by any one
of its variants. Without groups nothing is right. Whether the assistant abstained is not known here: the
caller counts an abstention as a miss, and as a rejection.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

Groups = Sequence[Sequence[str]]

# What RealTimeQA's script takes out: ASCII punctuation, and words that count years and people in Japanese
# and Korean.
_TAKEN_OUT = str.maketrans("", "", string.punctuation + "年歳人년")
_INSUFFICIENT = ("insufficient information", "信息不足")


def normalise(text: str) -> str:
    """Lower case, punctuation taken out, then a, an and the; white space collapsed.

    The order is that of SQuAD's evaluation script (Rajpurkar et al., 2016). Punctuation is every Unicode one
    and the ASCII symbols, where SQuAD knows ASCII alone, so “it’s” and "it's" come out alike.
    """
    kept = "".join(ch for ch in text.lower() if not _is_punctuation(ch))
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", kept).split())


def _is_punctuation(ch: str) -> bool:
    return unicodedata.category(ch)[0] == "P" or ch in "$+<=>^`|~"


def answer_match(answer: str, groups: Groups) -> bool:
    """Whether every group has a variant that is a substring of the answer, both normalised.

    Our own rule: RGB's accuracy under SQuAD's normalisation. A variant of nothing but punctuation or
    a, an, the is compared as it is written, in lower case. It favours long answers: give the number of
    words beside it.
    """
    said = normalise(answer)
    return bool(groups) and all(any(_holds(said, answer, variant) for variant in group) for group in groups)


def _holds(said: str, answer: str, variant: str) -> bool:
    wanted = normalise(variant)
    return wanted in said if wanted else variant.strip().lower() in answer.lower()


def exact_match(answer: str, groups: Groups) -> float:
    """1 if the answer is one variant of each group, joined by spaces in any order, else 0; both tokenised.

    That is `em` of RealTimeQA's scripts/evaluate_main.py (Kasai et al., 2023) with `normalize_answer` of its
    utils/tools.py: lower case, ASCII punctuation taken out, a, an and the kept, split at white space; the
    best over all orders of the right options. Its right options are our groups and have one wording; where
    a group has several, the best of them counts. Curly quotation marks are kept, as there: a suite gives the
    option without them as a second variant.
    """
    words, wanted = _tokens(answer), _tokenised(groups)
    # Which prefixes of the answer (their length) are spelled by which groups (a bit each).
    spelled = {(0, 0)}
    for _ in wanted:
        spelled = {
            (length + len(variant), used | 1 << place)
            for length, used in spelled
            for place, group in enumerate(wanted)
            if not used >> place & 1
            for variant in group
            if words[length : length + len(variant)] == variant
        }
    return float(bool(wanted) and any(length == len(words) for length, _ in spelled))


def f1(answer: str, groups: Groups) -> float:
    """2 · shared tokens / (tokens of the answer + tokens of the gold answer), 0 to 1, best over the variants.

    That is `f1` of the same script, under the same normalisation: the harmonic mean of token precision and
    recall. Tokens count as often as they come; their order, and so that of the groups, does not matter.
    """
    said = Counter(_tokens(answer))
    # The fewest tokens of a gold answer that shares just these with the answer.
    fewest: dict[frozenset[tuple[str, int]], int] = {frozenset(): 0}
    for group in _tokenised(groups):
        grown: dict[frozenset[tuple[str, int]], int] = {}
        for shared, length in fewest.items():
            for variant in group:
                held = frozenset(((Counter(dict(shared)) + Counter(variant)) & said).items())
                grown[held] = min(length + len(variant), grown.get(held, length + len(variant)))
        fewest = grown
    scores = (_f1(sum(times for _, times in held), said.total(), length) for held, length in fewest.items())
    return max(scores, default=0.0)


def _f1(shared: int, said: int, wanted: int) -> float:
    return 2 * shared / (said + wanted) if shared else 0.0


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(text.lower().translate(_TAKEN_OUT).split())


def _tokenised(groups: Groups) -> list[list[tuple[str, ...]]]:
    return [[_tokens(variant) for variant in group] for group in groups]


def rgb_accuracy(answer: str, groups: Groups) -> bool:
    """Whether every group has a variant that is a substring of the answer, both in lower case.

    That is the label of RGB's evalue.py (Chen et al., 2024), whose mean is the accuracy: nothing but case is
    normalised, and an answer that rejects the question is wrong whatever else it says.
    """
    said = answer.lower()
    held = bool(groups) and all(any(variant.lower() in said for variant in group) for group in groups)
    return held and not rgb_rejected(answer)


def rgb_rejected(answer: str) -> bool:
    """Whether the answer holds the words "insufficient information", or their Chinese, as RGB asks for.

    That is label -1 of RGB's evalue.py, whose share of unanswerable questions is the rejection rate (Rej);
    upper case does not count, as there. RGB's Rej* asks a chat model instead.
    """
    return any(phrase in answer for phrase in _INSUFFICIENT)

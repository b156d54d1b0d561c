"""What the metrics mean to a reader: order, section, one line each, and which way is better.

The definitions with their sources stand where a metric is computed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Better = Literal["high", "low", ""]


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric as it is shown; `better` is empty where neither way is."""

    name: str
    section: str
    meaning: str
    better: Better = "high"

    @property
    def is_share(self) -> bool:
        """Whether its values lie between 0 and 1."""
        return self.name != "answer_words"


_SECTIONS: dict[str, dict[str, tuple[str, Better]]] = {
    "Answers": {
        "answer_match": ("the gold answer stands in the answer; silence is a miss", "high"),
        "match_answered": ("the same among the questions answered", "high"),
        "match_borne_out": ("the gold answer stands in sentences that the articles bear out", "high"),
        "answer_words": ("words of an answer, mean", ""),
        "exact_match": ("the answer is the gold answer, word for word", "high"),
        "f1": ("words shared with the gold answer", "high"),
        "rgb_accuracy": ("the gold answer stands in the answer, only case set aside", "high"),
        "choice_accuracy": ("the right one of the given options was taken", "high"),
    },
    "Saying nothing": {
        "false_answer_rate": ("answered, though the articles do not tell", "low"),
        "false_abstain_rate": ("kept silent, though there is an answer", "low"),
        "rgb_rejection": ("unanswerable, and kept silent or said so", "high"),
    },
    "Citations": {
        "citation_precision": ("citations that touch the evidence", "high"),
        "citation_recall": ("places of evidence that a citation touches", "high"),
        "support_rate": ("sentences that the words they cite bear out", "high"),
    },
    "Retrieval": {
        "hit@1": ("the first article is relevant", "high"),
        "hit@4": ("a relevant article among the first 4", "high"),
        "hit@10": ("a relevant article among the first 10", "high"),
        "mrr@10": ("1 / rank of the first relevant article", "high"),
        "map@10": ("mean precision at the relevant articles, first 10", "high"),
        "map": ("mean precision at the relevant articles, whole ranking", "high"),
        "ndcg@10": ("gain of the first 10, discounted by rank", "high"),
        "recall@10": ("relevant articles found among the first 10", "high"),
        "recall@100": ("relevant articles found among the first 100", "high"),
        "rewrite_recall@5": ("of a completed follow-up: relevant articles among the first 5", "high"),
        "rewrite_recall@10": ("of a completed follow-up: relevant articles among the first 10", "high"),
        "last_turn_recall@5": ("the same with the last turn alone, first 5", "high"),
        "last_turn_recall@10": ("the same with the last turn alone, first 10", "high"),
        "token_recall": ("characters of the evidence that were shown", "high"),
        "token_precision": ("characters shown that are evidence", "high"),
        "token_iou": ("shared characters over all of both", "high"),
        "fact_hit@4": ("a gold fact in the first 4 passages", "high"),
        "fact_hit@10": ("a gold fact in the first 10 passages", "high"),
        "fact_map@10": ("1 / rank of each gold fact's passage, mean", "high"),
        "fact_mrr@10": ("1 / rank of the first passage with a gold fact", "high"),
    },
}
_WHO_SAID: dict[str, str] = {
    "attribution_precision": "words of what was found to be said that the gold has, too",
    "attribution_recall": "words of the gold that were found",
    "attribution_f1": "harmonic mean of the two",
    "attribution_exact_precision": "found attributions with exactly the gold words",
    "attribution_exact_recall": "gold attributions found with exactly their words",
    "attribution_exact_f1": "harmonic mean of the two",
    "source_accuracy": "who said it, where what was said was found",
    "source_recall": "what was said and who said it both found",
}
_SECTIONS |= {
    section: {prefix + name: (meaning, "high") for name, meaning in _WHO_SAID.items()}
    for section, prefix in (
        ("Who said what", ""),
        ("Who said what: quotations with a source", "quoted_"),
        ("Who said what: what is not quoted", "indirect_"),
    )
}
_SECTIONS["Who said what"]["speaker_named_rate"] = ("a pronoun was resolved to some name", "high")
MEASURES = {
    name: Measure(name, section, meaning, better)
    for section, entries in _SECTIONS.items()
    for name, (meaning, better) in entries.items()
}
OTHER = "Other"


def measure(name: str) -> Measure:
    """What is known of a metric; of an unknown one only its name, and that neither way is better."""
    return MEASURES.get(name) or Measure(name, OTHER, "", "")


def ordered(names: Iterable[str]) -> list[Measure]:
    """The metrics in reading order, unknown ones last by name."""
    places = {name: place for place, name in enumerate(MEASURES)}
    return [measure(name) for name in sorted(set(names), key=lambda name: (places.get(name, 999), name))]


def number_text(name: str, value: float) -> str:
    """ ".437" as 0.437, words as 54.1; "–" for what is no number."""
    if value != value or value in (float("inf"), float("-inf")):
        return "–"
    return f"{value:.3f}" if measure(name).is_share else f"{value:.1f}"

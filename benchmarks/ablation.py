"""What each of our own parts is worth: one switched off at a time, over one archive, in one process.

    python -m benchmarks.ablation --suite FOLDER --home DIR [--tag TAG] [--limit N] [--answers N]

Retrieval: scores at article level over the 50 best hits (copies behind the hit they were folded into), and
`in_ten`, whether a relevant article is among the ten hits shown. Answers: `answer_match` with abstention
off, since the confidence was fitted with all parts in place. Differences are to the whole, question by
question, with a paired bootstrap interval. Writes benchmarks/results/ablation-<suite>-<commit>.json.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from benchmarks.ablation_parts import ANSWER_PARTS, RETRIEVAL_PARTS
from benchmarks.report import circumstances, opened, print_table, run
from benchmarks.results import result_path, write_result
from index.errors import OnrecordError
from rag.eval.ask import ranking
from rag.eval.intervals import interval, paired
from rag.eval.matching import answer_match
from rag.eval.ranking import rank_scores
from rag.eval.suite import choose, read_suite
from rag.eval.types import Question
from rag.rewrite import standalone

if TYPE_CHECKING:
    import numpy as np

    from index.search import Searcher
    from rag.assistant import Assistant
    from rag.types import Answer

DEPTH = 50
SHOWN = 10
RETRIEVAL = ("hit@1", "hit@4", "hit@10", "mrr@10", "ndcg@10", "in_ten")
ANSWERS = ("answer_match", "answer_words")
WHOLE = "whole"

Values = Mapping[str, Sequence[float]]
"""Metric to its values in the order of the questions."""


class NothingToMeasure(OnrecordError):
    """The suite has no question of the wanted kind."""


def retrieval_values(
    searcher: Searcher, questions: Sequence[Question], vectors: Sequence[np.ndarray]
) -> Values:
    """The scores of `RETRIEVAL`; `vectors` are the embeddings of the questions, to embed each only once."""
    found: dict[str, list[float]] = {name: [] for name in RETRIEVAL}
    for question, vector in zip(questions, vectors, strict=True):
        words = standalone(question.text, question.history)

        def look(top_k: int, words: str = words, vector: Any = vector, q: Question = question) -> Any:
            return ranking(
                searcher.search(words, top_k=top_k, filters=q.filters, asked=q.asked, query_vector=vector)
            )

        scores = rank_scores(look(DEPTH), question.qrels)
        wanted = {article for article, grade in question.qrels.items() if grade > 0}
        scores["in_ten"] = float(not wanted.isdisjoint(look(SHOWN)))
        for name, values in found.items():
            values.append(scores[name])
    return found


def answer_values(assistant: Assistant, questions: Sequence[Question]) -> Values:
    """The values of `ANSWERS`, abstention off."""
    found: dict[str, list[float]] = {name: [] for name in ANSWERS}
    for question in questions:
        options: dict[str, Any] = {"history": question.history, "asked": question.asked}
        answer = assistant.ask(question.text, **options, filters=question.filters, abstain="off")
        said = "" if answer.abstained else without_markers(answer)
        found["answer_match"].append(float(answer_match(said, question.answers)))
        found["answer_words"].append(float(len(said.split())))
    return found


def without_markers(answer: Answer) -> str:
    """The text without its markers."""
    kept, at = [], 0
    for span in sorted({citation.at for citation in answer.citations}):
        kept.append(answer.text[at : span.start] + " ")
        at = span.end
    return " ".join("".join([*kept, answer.text[at:]]).split())


def table(measured: Mapping[str, Values]) -> list[dict[str, Any]]:
    """A row for each variant, the whole first: means with intervals, differences to the whole."""
    whole = measured[WHOLE]
    rows = []
    for name, values in measured.items():
        metrics = {metric: interval(found) for metric, found in values.items()}
        gaps = {metric: paired(whole[metric], found) for metric, found in values.items()}
        rows.append(
            {
                "name": name,
                "metrics": {metric: found and asdict(found) for metric, found in metrics.items()},
                "differences": {metric: gap and asdict(gap) for metric, gap in gaps.items()},
            }
        )
    return rows


Subject = TypeVar("Subject")


def without_each(
    subject: Subject,
    parts: Mapping[str, Callable[[Subject], AbstractContextManager[Subject]]],
    measure: Callable[[Subject], Values],
) -> dict[str, Values]:
    """The values of the whole, then with each part switched off."""
    print(WHOLE, file=sys.stderr)
    measured = {WHOLE: measure(subject)}
    for name, off in parts.items():
        print(name, file=sys.stderr)
        with off(subject) as changed:
            measured[name] = measure(changed)
    return measured


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Measure all variants; the result."""
    from index.search import Searcher
    from rag.assistant import Assistant

    suite = read_suite(options.suite)
    chosen = choose(suite.questions, options.tag, options.without)
    judged = [q for q in chosen if q.evidence][: options.limit]
    answered = [q for q in chosen if q.answers and q.answerable and "except" not in q.tags][: options.answers]
    if not judged and not answered:
        raise NothingToMeasure(f"{suite.name} has no question with evidence or answers among these")
    with opened(options.home, suite, ingest=not options.no_ingest) as archive:
        archive.embedder.embed_queries(["warm"])
        vectors = [archive.embedder.embed_queries([standalone(q.text, q.history)])[0] for q in judged]
        searcher = Searcher(archive.catalog, archive.dense, archive.lexical, archive.embedder)
        retrieval = without_each(
            searcher, RETRIEVAL_PARTS, lambda one: retrieval_values(one, judged, vectors)
        )
        answers = without_each(Assistant(archive), ANSWER_PARTS, lambda one: answer_values(one, answered))
    return {
        "kind": "ablation",
        "suite": suite.name,
        **circumstances(),
        "tags": options.tag,
        "depth": DEPTH,
        "retrieval": table(retrieval) if judged else [],
        "answers": table(answers) if answered else [],
    }


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ablation", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--suite", type=Path, required=True, help="folder with questions.jsonl")
    parser.add_argument("--home", type=Path, required=True, help="folder of the archive; made if missing")
    parser.add_argument("--no-ingest", action="store_true", help="take the archive as it is")
    parser.add_argument("--tag", action="append", default=[], help="only questions with this tag; repeatable")
    parser.add_argument("--without", action="append", default=[], help="none with this tag; repeatable")
    parser.add_argument("--limit", type=int, help="search only the first so many questions with evidence")
    parser.add_argument("--answers", type=int, help="answer only the first so many questions; 0 for none")
    parser.add_argument("--out", type=Path, help="default: benchmarks/results/ablation-SUITE-COMMIT.json")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, write, print."""
    options = _options(argv)
    result = measure(options)
    out = options.out or result_path(result)
    write_result(out, result)
    for kind, names in (("retrieval", RETRIEVAL), ("answers", ANSWERS)):
        rows = [[row["name"], *(row["metrics"][name]["value"] for name in names)] for row in result[kind]]
        print_table([kind, *names], rows)
    print(out)


if __name__ == "__main__":
    run(main)

"""Official files of benchmarks into suite folders: `onrecord import KIND PATH OUT`.

Each kind has a module with `gather(path, settings)` and the `SETTINGS` it knows; this one looks the kind up
and writes what was gathered. Files are checked as they are read: what has another shape stops the import
with one line, what is merely empty, doubled or points nowhere is left out and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.eval.importers import beir, mtrag, multihop_rag, own, realtimeqa, rgb, squad
from rag.eval.importers.gather import Gathered
from rag.eval.importers.read import reason
from rag.eval.importers.write import check_out, write_suite
from rag.eval.types import SuiteError


@dataclass(frozen=True, slots=True)
class Importer:
    """A kind of official files: what PATH is and what comes of it, in one line, and how it is read.

    `settings` are the names that `--field NAME=VALUE` takes and what they mean.
    """

    description: str
    source: str
    licence: str | None
    settings: Mapping[str, str]
    gather: Callable[[Path, Mapping[str, str]], Gathered]


@dataclass(frozen=True, slots=True)
class Imported:
    """What was written: numbers of articles and questions, and of what was left out, by reason."""

    articles: int
    questions: int
    dropped: Mapping[str, int]


KINDS: dict[str, Importer] = {
    "realtimeqa": Importer(
        "clone of realtimeqa_public, its past/YEAR, or one DATE_qa.jsonl: news quizzes, pages found for them",
        "RealTimeQA, github.com/realtimeqa/realtimeqa_public (Kasai et al., 2023, arXiv 2207.13332)",
        None,
        realtimeqa.SETTINGS,
        realtimeqa.gather,
    ),
    "multihop-rag": Importer(
        "folder with corpus.json and MultiHopRAG.json: news questions that need several articles",
        "MultiHop-RAG, github.com/yixuantt/MultiHop-RAG (Tang and Yang, 2024, arXiv 2401.15391)",
        "ODC-BY",
        multihop_rag.SETTINGS,
        multihop_rag.gather,
    ),
    "rgb": Importer(
        "en_refine.json, en.json, en_int.json, en_fact.json or their folder: answering amid noise, refusing",
        "RGB, github.com/chen700564/RGB (Chen et al., 2024, arXiv 2309.01431)",
        "CC BY-NC-SA 4.0",
        rgb.SETTINGS,
        rgb.gather,
    ),
    "squad": Importer(
        "a SQuAD v1.1 or v2.0 file: paragraphs as articles, answer spans, unanswerable questions",
        "SQuAD (Rajpurkar et al., 2016, arXiv 1606.05250; 2018, arXiv 1806.03822)",
        "CC BY-SA 4.0",
        squad.SETTINGS,
        squad.gather,
    ),
    "beir": Importer(
        "folder with corpus.jsonl, queries.jsonl and qrels/*.tsv: retrieval with judgements",
        "a folder in BEIR's layout (Thakur et al., 2021, arXiv 2104.08663)",
        None,
        beir.SETTINGS,
        beir.gather,
    ),
    "mtrag": Importer(
        "clone of mt-rag-benchmark, its generation_tasks, or a file of tasks: turns of conversations",
        "MTRAG, github.com/IBM/mt-rag-benchmark (Katsis et al., 2025, arXiv 2501.03468)",
        "Apache-2.0",
        mtrag.SETTINGS,
        mtrag.gather,
    ),
    "jsonl": Importer(
        "folder with questions.jsonl and articles.jsonl: your own questions, named by --field question=q",
        "files of one's own",
        None,
        own.SETTINGS,
        own.gather,
    ),
}
"""By the name that the command takes."""


def import_suite(kind: str, path: Path, out: Path, fields: Mapping[str, str] = {}) -> Imported:
    """Write the suite folder `out` from official files at `path`; `fields` are the kind's settings.

    `out` must not exist or be empty; it appears whole or not at all. The same files give the same bytes.
    Raises SuiteError with one line.
    """
    importer = KINDS.get(kind)
    if importer is None:
        raise SuiteError(f'"{kind}" is no kind of files that is known, wanted one of {", ".join(KINDS)}')
    unknown = sorted(set(fields) - set(importer.settings))
    if unknown:
        known = ", ".join(importer.settings) or "none"
        raise SuiteError(f'{kind} has no field "{unknown[0]}"; it knows {known}')
    check_out(out)
    gathered = _gathered(importer, path, fields)
    if not gathered.articles or not gathered.questions:
        what = "article" if not gathered.articles else "question"
        left = ", ".join(f"{count} {why}" for why, count in sorted(gathered.dropped.items()))
        raise SuiteError(f"found no usable {what} in {path}" + (f" (left out: {left})" if left else ""))
    write_suite(gathered, _facts(kind, importer, out, fields, gathered), out)
    return Imported(len(gathered.articles), len(gathered.questions), dict(sorted(gathered.dropped.items())))


def _gathered(importer: Importer, path: Path, fields: Mapping[str, str]) -> Gathered:
    try:
        if not path.exists():
            raise SuiteError(f"{path} does not exist, wanted {importer.description.partition(':')[0]}")
        return importer.gather(path, fields)
    except OSError as error:
        raise SuiteError(f"{path} cannot be read ({reason(error)})") from error


def _facts(
    kind: str, importer: Importer, out: Path, fields: Mapping[str, str], gathered: Gathered
) -> dict[str, object]:
    return {
        "name": out.resolve().name,
        "description": importer.description.partition(": ")[2],
        "source": importer.source,
        "licence": importer.licence,
        "notes": " ".join(gathered.notes),
        "kind": kind,
        "fields": dict(sorted(fields.items())),
    }

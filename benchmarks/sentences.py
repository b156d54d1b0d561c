"""Compares sentence cutters on our own labelled cases: error rate, and speed on a file of text.

    python -m benchmarks.sentences [ARTICLES.jsonl.gz] [--show NAME]

Error rate: ends missed plus false ends, over the ends in `sentences.txt`. Each line of a text is cut
by itself, for every cutter. Cutters that are not installed are left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from index.sentences import sentences

Cut = Callable[[str], list[int]]
CASES = Path(__file__).with_name("sentences.txt")
_MARK = re.compile(r"( \| |¦)")


def cases() -> list[tuple[str, set[int]]]:
    """(text, ends): an end is the number of non-space characters before it; the text's own is left out."""
    found = []
    for line in CASES.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        text, ends = "", set()
        for part in _MARK.split(line.strip()):
            if _MARK.fullmatch(part):
                ends.add(_filled(text))
                text += " " if part == " | " else ""
            else:
                text += part
        found.append((text, ends))
    return found


def _filled(text: str) -> int:
    return len("".join(text.split()))


def _of_pieces(pieces: Iterable[str]) -> list[int]:
    ends, total = [], 0
    for piece in pieces:
        total += _filled(piece)
        ends.append(total)
    return ends


def _of_spans(text: str, spans: Iterable[tuple[int, int]]) -> list[int]:
    return [_filled(text[:end]) for _start, end in spans]


def _nupunkt() -> Cut:
    import nupunkt

    return lambda text: _of_spans(text, nupunkt.sent_spans(text))


def _syntok() -> Cut:
    from syntok import segmenter

    def cut(text: str) -> list[int]:
        found = [sentence for paragraph in segmenter.analyze(text) for sentence in paragraph]
        return _of_spans(text, [(some[0].offset, some[-1].offset + len(some[-1].value)) for some in found])

    return cut


def _blingfire() -> Cut:
    import blingfire

    return lambda text: _of_spans(text, blingfire.text_to_sentences_and_offsets(text)[1])


def _sentencex() -> Cut:
    import sentencex

    return lambda text: _of_pieces(sentencex.segment("en", text))


def _segtok() -> Cut:
    from segtok.segmenter import split_multi

    return lambda text: _of_pieces(split_multi(text))


def _phrasplit() -> Cut:
    import phrasplit

    return lambda text: _of_pieces(phrasplit.split_sentences(text, use_spacy=False))


def _pysbd() -> Cut:
    import pysbd

    segmenter = pysbd.Segmenter(language="en", clean=False, char_span=True)
    return lambda text: _of_spans(text, [(one.start, one.end) for one in segmenter.segment(text)])


def _csbd() -> Cut:
    import csbd

    segmenter = csbd.Segmenter(language="en")
    return lambda text: _of_pieces(segmenter.segment(text))


def _ours() -> Cut:
    return lambda text: _of_spans(text, [(span.start, span.end) for span in sentences(text)])


MAKERS: dict[str, Callable[[], Cut]] = {
    "ours": _ours,
    "syntok": _syntok,
    "nupunkt": _nupunkt,
    "pysbd": _pysbd,
    "segtok": _segtok,
    "sentencex": _sentencex,
    "blingfire": _blingfire,
    "phrasplit": _phrasplit,
    "cleave-sbd": _csbd,
}


def errors(cut: Cut, show: bool = False) -> tuple[int, int, int]:
    """(ends missed, false ends, ends in the cases)."""
    missed = false = total = 0
    for text, wanted in cases():
        found = set(cut(text)) - {_filled(text)}
        missed += len(wanted - found)
        false += len(found - wanted)
        total += len(wanted)
        if show and found != wanted:
            print(f"  {len(wanted - found)} missed, {len(found - wanted)} false: {text}")
    return missed, false, total


def speed(cut: Cut, texts: list[str], most_s: float = 10.0) -> float:
    """Megabytes of text a second."""
    started, done = time.perf_counter(), 0
    for text in texts:
        for line in text.split("\n"):
            if line.strip():
                cut(line)
        done += len(text.encode())
        if time.perf_counter() - started > most_s:
            break
    return done / 1e6 / (time.perf_counter() - started)


def main() -> None:
    """Prints one row a cutter."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="?", help="*.jsonl.gz with a field `text`")
    parser.add_argument("--show", help="print the wrong cases of this cutter")
    given = parser.parse_args()
    texts: list[str] = []
    if given.articles:
        with gzip.open(given.articles, "rt", encoding="utf-8") as stream:
            texts = [json.loads(line)["text"] for line, _ in zip(stream, range(300), strict=False)]
    print("cutter missed false of error MB/s")
    for name, make in MAKERS.items():
        try:
            cut = make()
        except ImportError:
            continue
        missed, false, total = errors(cut, show=name == given.show)
        pace = f"{speed(cut, texts):.2f}" if texts else "-"
        print(f"{name} {missed} {false} {total} {(missed + false) / total:.3f} {pace}", flush=True)


if __name__ == "__main__":
    main()

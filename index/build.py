"""sync: make the catalog and both indices hold what the given files say.

First everything is loaded and noted as pending, with the lines it carries; then pending articles
are cleaned, cut, embedded and stored, in order of their ids, with who said what in them. So the
outcome depends neither on the order of the files nor on where an earlier run was interrupted. Last,
articles of a former release or of other rules get their attributions. Knows the stages and the
indices by what they do.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from index.attributions import derive_due, underived
from index.catalog import Catalog
from index.deriving import Deriving
from index.duplicates import keep_due
from index.indices import Indices
from index.ledger import Finished, Register, file_of, finish, forget
from index.packing import content_hash, pack_article, round_vectors, unpack_article
from index.progress import Progress, Silent
from index.prune import absent, adopt, is_gone, under
from index.stages import Stages
from index.types import Article, Loaded, Unreadable

REGISTER_ARTICLES = 200
EMBED_PASSAGES = 1_000
_RECURS = 2

Given = Path | Loaded | Unreadable
"""A file or folder to load, or what was loaded, or could not be, already."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a sync did. All but `passages` (those written) and `seconds` count articles.

    `gone` are stored articles whose files or records are no longer there; they are `removed` only
    when that was asked for. `unattributed` are the stored articles in which it could not be told who
    said what, with the reason.
    """

    added: int
    changed: int
    unchanged: int
    removed: int
    gone: int
    passages: int
    unreadable: tuple[Unreadable, ...]
    seconds: float
    unattributed: tuple[Unreadable, ...] = ()


@dataclass(slots=True)
class _Tally:
    """What pass one saw: outcomes by article id, and what could not be read."""

    seen: dict[str, str] = field(default_factory=dict)
    copies: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)
    refused: list[Unreadable] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        return sum(one == outcome for one in self.seen.values())


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a sync works with.

    `storing` is held while a batch of articles is being stored; `own` are the files and folders of
    the archive itself, which are never read as articles.
    """

    catalog: Catalog
    indices: Indices
    stages: Stages
    storing: AbstractContextManager[object] = field(default_factory=nullcontext)
    own: tuple[Path, ...] = ()


def sync(
    workshop: Workshop, given: Sequence[Given], progress: Progress | None = None, *, prune: bool = False
) -> BuildReport:
    """Load what is given, store what is new or changed, finish what an earlier run left pending.

    With `prune`, articles from under the given paths that are no longer there are removed; without it they
    are only counted. A changed article answers with its former version until the new one is stored.
    """
    started = time.monotonic()
    progress = progress or Silent()
    tally = _Tally()
    workshop.indices.settle()
    sources = [Path(os.path.normpath(one.absolute())) if isinstance(one, Path) else one for one in given]
    _register(workshop, sources, tally, progress)
    roots = [one for one in sources if isinstance(one, Path)]
    gone = absent(workshop.catalog, roots, tally.seen.keys(), tally.unreadable)
    gone = adopt(workshop.catalog, roots, gone)
    if prune and gone:
        remove(workshop, gone)
    passages, failed = _index(workshop, progress)
    derive_due(workshop.catalog, workshop.stages, progress)
    keep_due(workshop.catalog, progress)
    return BuildReport(
        added=tally.count("added"),
        changed=tally.count("changed"),
        unchanged=tally.count("unchanged") + tally.copies,
        removed=len(gone) if prune else 0,
        gone=0 if prune else len(gone),
        passages=passages,
        unreadable=(*tally.unreadable, *tally.refused, *failed),
        seconds=time.monotonic() - started,
        unattributed=underived(workshop.catalog),
    )


def remove(workshop: Workshop, ids: Sequence[str]) -> None:
    """Remove these articles from the catalog and both indices. All must be stored."""
    with workshop.storing, workshop.indices.writing():
        with workshop.catalog.write() as connection:
            gone = forget(connection, ids, workshop.stages.lines_of)
        workshop.indices.drop(gone)


def _register(workshop: Workshop, sources: Sequence[Given], tally: _Tally, progress: Progress) -> None:
    progress.start("load", None)
    own = [str(path) for path in workshop.own]
    found = (
        one
        for source in sources
        for one in (workshop.stages.load(source) if isinstance(source, Path) else (source,))
        if not any(under(file_of(one.origin), path) for path in own)
    )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    while batch := list(islice(found, REGISTER_ARTICLES)):
        with workshop.catalog.write() as connection:
            register = Register(connection, workshop.stages.lines_of, now)
            for one in batch:
                if isinstance(one, Unreadable):
                    tally.unreadable.append(one)
                else:
                    _take(register, one, tally)
        progress.advance(len(batch))
    progress.stage_done()


def _take(register: Register, loaded: Loaded, tally: _Tally) -> None:
    loaded = replace(loaded, article=_sound(loaded.article))
    digest = content_hash(loaded.article)
    known = register.find(loaded, digest, is_gone)
    if known is not None and known.id in tally.seen:
        if known.hash == digest:
            tally.copies += 1
            return
        if loaded.named and known.named:
            reason = f'another record has the id "{known.id}" (it was kept); wanted one id for one article'
            tally.refused.append(Unreadable(loaded.origin, reason))
            return
    article_id, outcome = register.take(loaded, digest, known)
    tally.seen[article_id] = outcome


def _sound(article: Article) -> Article:
    """The article with half surrogate pairs, which no store can hold, replaced one for one."""
    words = {
        name: value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        for name in ("id", "title", "text", "url", "source", "author", "language")
        if (value := getattr(article, name)) is not None and not _encodes(value)
    }
    return replace(article, **words) if words else article


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _index(workshop: Workshop, progress: Progress) -> tuple[int, list[Unreadable]]:
    """Clean, cut, embed and store what is pending; passages written and what failed."""
    catalog, failed = workshop.catalog, list[Unreadable]()
    ids = [row[0] for row in catalog.rows("SELECT id FROM pending ORDER BY id")]
    if not ids:
        return 0, failed
    progress.start("index", len(ids))
    written = 0
    recurring = dict(catalog.rows("SELECT key, articles FROM lines WHERE articles >= ?", _RECURS))
    ready: list[Finished] = []
    with workshop.indices.writing(), Deriving(workshop.stages) as deriving:
        for batch in _batches(_prepared(workshop, ids, recurring, failed, deriving)):
            _store(workshop, ready, deriving)  # only now: the next articles are being attributed meanwhile
            ready = _embed(workshop.stages, batch, progress)
            written += sum(len(one.passages) for one in ready)
        _store(workshop, ready, deriving)
    progress.stage_done()
    return written, failed


def _prepared(
    workshop: Workshop,
    ids: Sequence[str],
    recurring: Mapping[str, int],
    failed: list[Unreadable],
    deriving: Deriving,
) -> Iterator[Finished]:
    """Pending articles cleaned and cut, not yet embedded; who said what in them is being derived."""
    for article_id in ids:
        rows = workshop.catalog.rows("SELECT raw, hash, origin FROM pending WHERE id = ?", article_id)
        if not rows:
            continue
        raw, digest, origin = rows[0]
        try:
            prepared = _prepare(workshop.stages, unpack_article(article_id, raw), digest, recurring)
        except Exception as error:  # one article that cannot be cut must not stop the others
            reason = f"it could not be indexed ({type(error).__name__}: {' '.join(str(error).split())[:200]})"
            failed.append(Unreadable(origin, reason))
        else:
            deriving.begin(prepared.article)
            yield prepared


def _prepare(stages: Stages, raw: Article, digest: str, recurring: Mapping[str, int]) -> Finished:
    import json

    cleaned, embedder = stages.clean(raw, recurring), stages.embedder()
    cuts = [[one.span.start, one.span.end, one.reason] for one in cleaned.removed]
    return Finished(
        article=cleaned.article,
        raw=pack_article(raw),
        hash=digest,
        removed=json.dumps(cuts, ensure_ascii=False, separators=(",", ":")),
        offsets=cleaned.offsets.to_json(),
        passages=stages.chunk(cleaned.article, embedder.max_tokens, embedder.count_tokens),
    )


def _batches(prepared: Iterator[Finished]) -> Iterator[list[Finished]]:
    batch: list[Finished] = []
    size = 0
    for one in prepared:
        batch.append(one)
        size += len(one.passages)
        if size >= EMBED_PASSAGES or len(batch) >= EMBED_PASSAGES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _embed(stages: Stages, batch: Sequence[Finished], progress: Progress) -> list[Finished]:
    texts = [stages.prompt(one.article.head, passage.text) for one in batch for passage in one.passages]
    if not texts:
        progress.advance(len(batch))
        return list(batch)
    vectors = round_vectors(stages.embedder().embed_passages(texts, _share(len(texts), len(batch), progress)))
    at, embedded = 0, list[Finished]()
    for one in batch:
        embedded.append(replace(one, vectors=vectors[at : at + len(one.passages)]))
        at += len(one.passages)
    return embedded


def _share(texts: int, articles: int, progress: Progress) -> Callable[[int], None]:
    """Turns texts done into articles done."""
    told = 0

    def on_done(done: int) -> None:
        nonlocal told
        now = articles * done // texts
        progress.advance(now - told)
        told = now

    return on_done


def _store(workshop: Workshop, embedded: Sequence[Finished], deriving: Deriving) -> None:
    batch = [replace(one, derived=deriving.take(one.article.id)) for one in embedded]
    with workshop.storing:
        _put(workshop, batch)


def _put(workshop: Workshop, batch: Sequence[Finished]) -> None:
    if not batch:
        return
    workshop.indices.put(batch)
    former: set[str] = set()
    with workshop.catalog.write() as connection:
        for one in batch:
            former |= finish(connection, one)
    workshop.indices.drop(former)

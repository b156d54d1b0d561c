"""Questions and articles of your own as JSON lines: questions.jsonl and articles.jsonl in one folder.

The fields are those of a suite; a field with another name is given as `--field question=q`, and one of the
articles as `--field article.text=body`. Only question, and an article's id and text, have to be there.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rag.eval.importers.gather import Gathered, article_id, evidence, groups, iso_day, locate
from rag.eval.importers.read import Record, kind_of, one_line, records, wanted_file
from rag.eval.types import SuiteError

_QUESTION = (
    "id", "question", "asked", "answers", "answerable", "evidence", "quote", "choices", "history",
    "articles", "tags", "references", "assertions",
)  # fmt: skip
_ARTICLE = ("id", "title", "text", "url", "source", "published")
SETTINGS = {
    **{name: f"field of questions.jsonl that is the {name} of a question" for name in _QUESTION},
    **{f"article.{name}": f"field of articles.jsonl that is the {name} of an article" for name in _ARTICLE},
}


def gather(path: Path, settings: Mapping[str, str]) -> Gathered:
    """The suite in a folder, or in a file of questions with articles.jsonl beside it. Raises SuiteError."""
    folder, asked = (path.parent, path) if path.is_file() else (path, None)
    asked = asked or wanted_file(folder, ["questions.jsonl"])
    texts = wanted_file(folder, ["articles.jsonl"])
    gathered = Gathered()
    unseen = set(settings)
    for record in records(texts):
        named = _named(record, _ARTICLE, "article.", settings, unseen)
        _want(named, ("id", "text"), "article.")
        fields = {name: named.text(name, missing="") for name in _ARTICLE if name not in ("id", "text")}
        gathered.article(named.id("id"), {**fields, "text": named.text("text")})
    for number, record in enumerate(records(asked), start=1):
        named = _named(record, _QUESTION, "", settings, unseen)
        _want(named, ("question",), "")
        _take(gathered, named, number)
    if unseen:
        name = min(unseen)
        file = texts if name.startswith("article.") else asked
        raise SuiteError(
            f'no record of {file.name} has the field "{settings[name]}" (--field {name}={settings[name]})'
        )
    return gathered


def _named(
    record: Record, names: tuple[str, ...], prefix: str, settings: Mapping[str, str], unseen: set[str]
) -> Record:
    """The record under our names; takes the settings whose field it has out of `unseen`."""
    fields: dict[str, Any] = {name: value for name, value in record.fields.items() if name not in names}
    for name in names:
        theirs = settings.get(prefix + name)
        if (theirs or name) in record.fields:
            fields[name] = record.fields[theirs or name]
            unseen.discard(prefix + name)
    return Record(record.where, fields)


def _want(record: Record, names: tuple[str, ...], prefix: str) -> None:
    for name in names:
        if name not in record.fields:
            found = ", ".join(list(record.fields)[:8]) or "none"
            raise SuiteError(
                one_line(
                    f'{record.where} has no field "{name}" (found: {found}); '
                    f"if yours has another name, add --field {prefix}{name}=NAME"
                )
            )


def _take(gathered: Gathered, record: Record, number: int) -> None:
    answerable = record.flag("answerable", missing=True)
    found = _evidence(gathered, record)
    choices, own = record.texts("choices", missing=[]), record.fields.get("articles")
    asked = record.text("asked", missing="")
    if asked and iso_day(asked) is None:
        gathered.drop("days asked that are no dates")
    gathered.question(
        record.id("id") if "id" in record.fields else f"q{number}",
        record.text("question"),
        asked=iso_day(asked) if asked else None,
        answers=_answers(record) if answerable else [],
        choices=choices or None,
        answerable=answerable,
        evidence=found if answerable else [],
        history=[_turn(turn) for turn in record.records("history", missing=[])],
        articles=None if own is None else _own(gathered, record),
        tags=[text for text in record.texts("tags", missing=[]) if text.strip()],
        references=_texts(record, "references"),
        assertions=_texts(record, "assertions"),
    )


def _answers(record: Record) -> list[list[str]]:
    """A text or a list of texts is one group of variants; a list of lists is the groups."""
    value = record.fields.get("answers")
    if isinstance(value, list) and any(isinstance(item, list) for item in value):
        lists = [Record(record.where, {"answers": item}).texts("answers") for item in value]
        return [group[0] for texts in lists if (group := groups(texts))]
    return groups(_texts(record, "answers"))


def _texts(record: Record, name: str) -> list[str]:
    """The texts of a field that holds one or a list of them."""
    value = record.fields.get(name)
    texts = [record.text(name)] if isinstance(value, str) else record.texts(name, missing=[])
    return [text for text in texts if text.strip()]


def _evidence(gathered: Gathered, record: Record) -> list[dict[str, Any]]:
    """Of an article id, an object with article, start, end, quote and grade, or a list of such."""
    value = record.fields.get("evidence")
    items = value if isinstance(value, list) else [] if value is None else [value]
    quote = record.text("quote", missing="")
    found = []
    for item in items:
        if isinstance(item, str | int) and not isinstance(item, bool):
            item = {"article": item}
        if not isinstance(item, dict):
            raise SuiteError(
                f"{record.where}: evidence is {kind_of(item)}, wanted an article's id or an object with it"
            )
        piece = Record(f"evidence of {record.where}", {"quote": quote or None, **item})
        article = article_id(piece.id("article"))
        if article not in gathered.articles:
            gathered.drop("evidence in articles that articles.jsonl does not hold")
            continue
        found.append(_piece(gathered, piece, article))
    return found


def _piece(gathered: Gathered, piece: Record, article: str) -> dict[str, Any]:
    text, quote = gathered.text_of(article), piece.text("quote", missing="")
    start, end, grade = (piece.fields.get(name) for name in ("start", "end", "grade"))
    whole = isinstance(grade, int) and not isinstance(grade, bool) and 1 <= grade <= 100
    span = None
    if quote:
        span = locate(text, quote, start if isinstance(start, int) else None)
    elif isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text):
        span = (int(start), int(end))
    if span is None and (quote or start is not None or end is not None):
        gathered.drop("evidence spans that are not in their article (all of it is evidence)")
    return evidence(article, span, int(grade) if whole and grade else 1)


def _own(gathered: Gathered, record: Record) -> list[str]:
    wanted = [Record(record.where, {"articles": item}).id("articles") for item in record.items("articles")]
    known = [key for name in wanted if (key := article_id(name)) in gathered.articles]
    if len(known) < len(wanted):
        gathered.drop("a question's own articles that articles.jsonl does not hold", len(wanted) - len(known))
    return list(dict.fromkeys(known))


def _turn(turn: Record) -> dict[str, str]:
    role = turn.text("role")
    if role not in ("user", "assistant"):
        raise SuiteError(f"{turn.where}: role is neither user nor assistant")
    return {"role": role, "content": turn.text("content")}

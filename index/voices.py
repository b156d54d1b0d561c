"""Who speaks in an archive: read from its attributions once and kept until something is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from index.attributions import written_names
from index.catalog import Catalog
from index.speakers.names import name_matches
from index.speakers.speakers import Speakers
from index.speakers.spelling import sound
from index.words import STOPWORDS


class Voices:
    """The names of those who say something, as (article id, name) once for every statement."""

    def __init__(self, written: Iterable[tuple[str, str]]) -> None:
        self._written = tuple(written)

    @cached_property
    def speakers(self) -> Speakers:
        """The spellings of each as one."""
        return Speakers.of(self._written)

    def articles(self, wanted: str) -> frozenset[str]:
        """Ids of the articles in which someone speaks whom `wanted` may mean.

        Spellings that sound alike are found, misspelt ones are not.
        """
        words = [word for word in wanted.split() if word.lower() not in STOPWORDS]
        names = {name for word in words for name in self._names.get(sound(word), ())}
        return frozenset(
            one for name in names if name_matches(name, wanted) for one in self._articles.get(name, ())
        )

    @cached_property
    def _articles(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for article_id, name in self._written:
            found[name].add(article_id)
        return dict(found)

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        """The names that have a word of this sound."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in self._articles:
            for one in {sound(word) for word in name.split()}:
                found[one].append(name)
        return dict(found)


def voices(catalog: Catalog) -> Voices:
    """Who speaks in the articles of a catalog; cheap as long as nothing is written to it."""
    return catalog.kept("voices", lambda: Voices(written_names(catalog)))

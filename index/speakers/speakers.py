"""Who the speakers of an archive are: the spellings of each, and the name to show for them.

Two names with first names are one person if nothing in them differs. A surname alone is the person
of that surname in the same article, else the only one of the archive; if there are several it stays
by itself. The outcome does not depend on the order in which names come. Knows nothing of what was said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from difflib import SequenceMatcher

from index.speakers.grouping import Grouping, Place
from index.speakers.names import Name, asked_name, compatible, name_matches, read_name
from index.speakers.spelling import first_differs, near, plain

_ALIKE = 0.5  # of 1: how much a label must look like a name to be offered in its place


class Speakers:
    """Groups of names, each with a label that no other group has; made by `Speakers.of`."""

    def __init__(self, groups: dict[Place, str], counts: Counter[Place], several: frozenset[str]) -> None:
        self._groups = groups
        self._several = several
        self._spellings: dict[str, Counter[str]] = {}
        for place, label in groups.items():
            self._spellings.setdefault(label, Counter())[place[1]] += counts[place]

    @classmethod
    def of(cls, written: Iterable[Place]) -> Speakers:
        """The groups of names, each as (article id, name) once for every statement; "" is left out."""
        counts = Counter(place for place in written if place[1])
        grouping = Grouping(counts)
        return cls(grouping.labels, counts, grouping.several)

    def label(self, article_id: str, written: str) -> str:
        """What to show for a name in an article; the name itself if it was not among those given."""
        return self._groups.get((article_id, written), written)

    def counts(self) -> list[tuple[str, int]]:
        """Labels that name someone ("the official" does not) with their statements, most first."""
        totals = [(label, sum(self._spellings[label].values())) for label in self._named()]
        return sorted(totals, key=lambda one: (-one[1], one[0]))

    def spellings(self, label: str) -> tuple[str, ...]:
        """How the articles write this speaker, most frequent first."""
        found = self._spellings.get(label, Counter())
        return tuple(sorted(found, key=lambda one: (-found[one], one)))

    def matching(self, wanted: str) -> frozenset[str]:
        """Labels of those whom `wanted` may mean; of names nearly spelt so when there are none.

        A full name does not mean a surname alone that could be several people's; that surname does.
        """
        asked = asked_name(wanted)
        exact = self._meant(asked, compatible) | self._meant(asked, _same_shown)
        first = (
            frozenset(one for one in self._spellings if name_matches(one, wanted)) if asked.bare else exact
        )
        return exact or first or self._meant(asked, _nearly)

    def _meant(self, asked: Name, matches: Callable[[Name, Name], bool]) -> frozenset[str]:
        found = (one for one in self._spellings if matches(read_name(one), asked))
        return frozenset(
            one for one in found if asked.bare or one not in self._several or matches is _same_shown
        )

    def _named(self) -> list[str]:
        return [label for label in self._spellings if read_name(label).named]

    def nearest(self, wanted: str, n: int = 3) -> list[str]:
        """Up to `n` labels that look most like `wanted`, most alike first; [] when none does."""
        asked = plain(asked_name(wanted).shown)
        alike = sorted((-_likeness(asked, label), label) for label in self._named())
        return [label for score, label in alike[:n] if -score > _ALIKE]


def _same_shown(name: Name, asked: Name) -> bool:
    return plain(name.shown) == plain(asked.shown)


def _nearly(name: Name, asked: Name) -> bool:
    """Whether one surname is a misspelling of the other and the first names do not contradict."""
    if not (name.surname and asked.surname):
        return False
    spelt = near(name.surname, asked.surname) or first_differs(name.surname, asked.surname)
    return spelt and compatible(replace(name, surname=asked.surname, shown=""), asked)


def _likeness(asked: str, label: str) -> float:
    words = [plain(label), *(plain(word) for word in label.split())]
    return max(SequenceMatcher(None, asked, word).ratio() for word in words)

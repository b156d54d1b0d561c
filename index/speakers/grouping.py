"""Puts the names of an archive into groups, one for each speaker, and chooses the name to show.

Full names first, the most frequent ones before the others, of equals the more detailed; then surnames
alone, article by article. Deterministic: it goes by the names and their numbers, never by the order
they came in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from index.speakers.names import Name, compatible, read_name
from index.speakers.spelling import first_differs, near, plain, skeleton, sound

Place = tuple[str, str]
"""Where a name stands: article id, and the name as written."""


_NEARLY_ALL = 20  # times as many as all others together


@dataclass(eq=False, slots=True)
class _Group:
    """Names of one speaker; `surname` is set for surnames alone that have no full name."""

    names: list[Name] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    several: bool = False


class Grouping:
    """The outcome: `labels` by place, and which labels are a surname that `several` people have."""

    def __init__(self, counts: Counter[Place]) -> None:
        self._counts = counts
        self._names = {written: read_name(written) for _, written in counts}
        self._totals = Counter[str]()
        for (_, written), count in counts.items():
            self._totals[written] += count
        self._by_name = Counter[Name]()
        for written, count in self._totals.items():
            self._by_name[self._names[written]] += count
        self._full: dict[Name, _Group] = {}
        self._by_sound: dict[str, list[_Group]] = defaultdict(list)
        self._other: dict[object, _Group] = defaultdict(_Group)
        self._group_full_names()
        self._place_all()
        self.labels, self.several = self._labelled()

    def _group_full_names(self) -> None:
        """Full names that differ in nothing, together; one that goes with two groups stays by itself."""
        blocks: dict[str, list[_Group]] = defaultdict(list)
        full = {name for name in self._names.values() if name.surname and not name.bare}
        for name in sorted(full, key=lambda one: (-self._by_name[one], *_detail(one))):
            keys = [f"={sound(name.surname)}", *(f"~{skeleton(one)}" for one in name.given[:1])]
            near_by = dict.fromkeys(group for key in keys for group in blocks[key])
            fitting = [one for one in near_by if all(compatible(name, other) for other in one.names)]
            group = fitting[0] if len(fitting) == 1 else _Group()
            group.names.append(name)
            self._full[name] = group
            for key in keys:
                if group not in blocks[key]:
                    blocks[key].append(group)
            if group not in self._by_sound[sound(name.surname)]:
                self._by_sound[sound(name.surname)].append(group)

    def _place_all(self) -> None:
        articles: dict[str, list[str]] = defaultdict(list)
        for article_id, written in sorted(self._counts):
            articles[article_id].append(written)
        for article_id, names in articles.items():
            full = list(
                dict.fromkeys(self._full[n] for one in names if (n := self._names[one]) in self._full)
            )
            bare = [one for one in names if self._names[one].bare]
            for written in names:
                group = self._group_of(written, full, bare)
                group.places.append((article_id, written))

    def _group_of(self, written: str, full: list[_Group], bare: list[str]) -> _Group:
        """The group of a name in an article with these full names and surnames alone."""
        name = self._names[written]
        if name in self._full:
            return self._full[name]
        if not name.bare:
            return self._other[name.body or plain(written) or written]
        here = _narrowed(name, full)
        if not here:
            meant = self._meant(written, bare)
            name = self._names[meant]
            here = _narrowed(name, full) or self._likely(_narrowed(name, self._by_sound[sound(name.surname)]))
        if len(here) == 1:
            return here[0]
        group = self._other["surname", sound(name.surname)]
        group.several = group.several or len(here) > 1
        return group

    def _likely(self, groups: list[_Group]) -> list[_Group]:
        """The one group that has nearly all statements of these; else all."""
        totals = [sum(self._by_name[name] for name in group.names) for group in groups]
        rest = sum(totals) - max(totals, default=0)
        return [groups[totals.index(max(totals))]] if groups and max(totals) >= _NEARLY_ALL * rest else groups

    def _meant(self, written: str, bare: Iterable[str]) -> str:
        """The commoner surname of the same article that this one misspells; else itself."""
        mine = self._names[written].surname
        others = [one for one in bare if _misspelt(self._names[one].surname, mine)]
        return min([written, *others], key=lambda one: (-self._totals[one], one))

    def _labelled(self) -> tuple[dict[Place, str], frozenset[str]]:
        labels: dict[Place, str] = {}
        several = set()
        taken = Counter[str]()
        groups = dict.fromkeys([*self._full.values(), *self._other.values()])
        for group in sorted((one for one in groups if one.places), key=lambda one: min(one.places)):
            label = self._label(group)
            taken[label] += 1
            label = label if taken[label] == 1 else f"{label} ({taken[label]})"
            labels.update(dict.fromkeys(group.places, label))
            several |= {label} if group.several else set()
        return labels, frozenset(several)

    def _label(self, group: _Group) -> str:
        """The most frequent form among those with a first name, else among all."""
        shown = Counter[tuple[bool, str]]()
        for place in group.places:
            name = self._names[place[1]]
            words = place[1] if name.complete or name.body else name.shown
            shown[any(len(one) > 1 for one in name.given), words] += self._counts[place]
        return min(shown, key=lambda one: (not one[0], -shown[one], -len(one[1]), one[1]))[1]


def _detail(name: Name) -> tuple[int, int, str]:
    return -len(name.given), -len("".join(name.given)), f"{plain(name.shown)} {name.shown} {name.complete}"


def _misspelt(a: str, b: str) -> bool:
    return plain(a) != plain(b) and (near(a, b) or first_differs(a, b))


def _narrowed(name: Name, groups: list[_Group]) -> list[_Group]:
    """The groups that a name alone fits best: same letters, same sound, a misspelling, a first name."""
    tests: tuple[Callable[[Name], bool], ...] = (
        lambda other: plain(other.surname) == plain(name.surname),
        lambda other: sound(other.surname) == sound(name.surname),
        lambda other: _misspelt(other.surname, name.surname),
        lambda other: plain(name.surname) in other.given,
    )
    for test in tests:
        found = [group for group in groups if any(test(other) for other in group.names)]
        if found:
            return found
    return []

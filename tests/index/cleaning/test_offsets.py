from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.cleaning.offsets import OffsetMap
from index.types import Span

KEPT = st.integers(1, 9).map(lambda n: (n, n))
REMOVED = st.integers(1, 9).map(lambda n: (n, 0))
CHANGED = st.tuples(st.integers(1, 4), st.integers(1, 4))
MAPS = st.lists(st.one_of(KEPT, REMOVED, CHANGED), max_size=12).map(OffsetMap.of)
PLAIN_MAPS = st.lists(st.one_of(KEPT, REMOVED), max_size=12).map(OffsetMap.of)


def example() -> OffsetMap:
    """Ten characters kept, five removed, two composed into one, three kept."""
    return OffsetMap.of([(10, 10), (5, 0), (2, 1), (3, 3)])


def test_kept_positions_go_both_ways() -> None:
    assert [example().to_clean(at) for at in (0, 9, 15, 17, 19, 20)] == [0, 9, 10, 11, 13, 14]
    assert [example().to_raw(at) for at in (0, 9, 10, 11, 13, 14)] == [0, 9, 15, 17, 19, 20]


def test_a_removed_position_goes_to_the_next_kept_one() -> None:
    assert {example().to_clean(at) for at in range(10, 16)} == {10}


def test_spans() -> None:
    assert example().raw_span(Span(0, 10)) == Span(0, 10)
    assert example().raw_span(Span(8, 12)) == Span(8, 18)
    assert example().raw_span(Span(10, 11)) == Span(15, 17)
    assert example().clean_span(Span(8, 12)) == Span(8, 10)
    assert example().clean_span(Span(10, 15)) is None
    assert example().clean_span(Span(16, 17)) == Span(10, 11)


def test_positions_outside_are_refused() -> None:
    for at in (-1, 21):
        with pytest.raises(IndexError):
            example().to_clean(at)
    with pytest.raises(IndexError):
        example().to_raw(15)


def test_json_is_compact() -> None:
    assert example().to_json() == "[10,-5,[2,1],3]"


def test_maps_that_do_not_meet_are_refused() -> None:
    with pytest.raises(ValueError, match="do not meet"):
        example().then(OffsetMap.of([(3, 3)]))


@given(MAPS)
def test_json_round_trip(offsets: OffsetMap) -> None:
    assert OffsetMap.from_json(offsets.to_json()) == offsets


@given(MAPS)
def test_monotone(offsets: OffsetMap) -> None:
    to_clean = [offsets.to_clean(at) for at in range(offsets.raw_length + 1)]
    to_raw = [offsets.to_raw(at) for at in range(offsets.clean_length + 1)]
    assert to_clean == sorted(to_clean)
    assert to_raw == sorted(to_raw)


@given(PLAIN_MAPS)
def test_inverse_on_kept_characters(offsets: OffsetMap) -> None:
    for at in range(offsets.clean_length):
        raw = offsets.to_raw(at)
        assert offsets.to_clean(raw) == at
        assert offsets.clean_span(Span(raw, raw + 1)) == Span(at, at + 1)
        assert offsets.raw_span(Span(at, at + 1)) == Span(raw, raw + 1)


@given(MAPS, st.data())
def test_a_clean_span_survives_the_way_there_and_back(offsets: OffsetMap, data: st.DataObject) -> None:
    if offsets.clean_length == 0:
        return
    start = data.draw(st.integers(0, offsets.clean_length - 1))
    span = Span(start, data.draw(st.integers(start + 1, offsets.clean_length)))
    back = offsets.clean_span(offsets.raw_span(span))
    assert back is not None
    assert back.holds(span)


@given(MAPS, st.data())
def test_composition_is_one_map_after_the_other(first: OffsetMap, data: st.DataObject) -> None:
    cuts = sorted(
        data.draw(st.sets(st.integers(0, first.clean_length), max_size=6)) | {0, first.clean_length}
    )
    lengths = [end - start for start, end in pairwise(cuts)]
    second = OffsetMap.of((n, data.draw(st.sampled_from([n, 0, n + 2]))) for n in lengths)
    both = first.then(second)
    assert (both.raw_length, both.clean_length) == (first.raw_length, second.clean_length)
    for at in range(first.raw_length + 1):
        if all(raw == clean or clean == 0 for raw, clean in (*first.segments, *second.segments)):
            assert both.to_clean(at) == second.to_clean(first.to_clean(at))

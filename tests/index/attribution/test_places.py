"""Names that are nobody's."""

from __future__ import annotations

import pytest

from index.attribution.mentions import names_person
from index.attribution.places import is_people, is_place


@pytest.mark.parametrize(
    "name", ["Norway", "Oslo", "New Mexico", "South Korea", "Black Sea", "Wall Street", "Thousands of Ohio"]
)
def test_places(name: str) -> None:
    assert is_place(name.split()) and not names_person(name)


@pytest.mark.parametrize("name", ["Ada Lund", "Ada Lund of Ohio", "Brandt", "Paris Halden", "Halden"])
def test_persons_are_no_places(name: str) -> None:
    assert not is_place(name.split()) and names_person(name)


@pytest.mark.parametrize("word", ["Ukrainian", "Norwegians", "British", "Iraqi", "Chinese"])
def test_peoples(word: str) -> None:
    assert is_people(word) and not names_person(word)


@pytest.mark.parametrize("name", ["Kremlin", "Norway’s Ministry of Defense", "Senate Democrats", "NATO", ""])
def test_bodies_are_no_persons(name: str) -> None:
    assert not names_person(name)


def test_a_role_before_a_name_does_no_harm() -> None:
    assert names_person("Kremlin spokesman Ada Lund") and names_person("Harbour master Ada Lund")

"""Groups of names: who is one speaker in an archive, and what they are called."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.speakers.speakers import Speakers


def labels(*places: tuple[str, str]) -> list[str]:
    """The label of each place, in the order given."""
    speakers = Speakers.of(places)
    return [speakers.label(*place) for place in places]


def test_a_surname_alone_is_the_only_one_of_that_name() -> None:
    found = labels(("a", "Kremlin spokesperson Dmitry Peskov"), ("b", "Peskov"), ("c", "Mr Peskov"))
    assert found == ["Dmitry Peskov"] * 3


def test_a_surname_alone_is_the_one_of_its_article() -> None:
    found = labels(("a", "Hillary Clinton"), ("a", "Clinton"), ("b", "Bill Clinton"), ("b", "Clinton"))
    assert found == ["Hillary Clinton"] * 2 + ["Bill Clinton"] * 2


def test_a_surname_of_several_stays_by_itself_and_is_found() -> None:
    places = [("a", "Hillary Clinton"), ("b", "Bill Clinton"), ("c", "Clinton"), ("c", "Mrs Clinton")]
    speakers = Speakers.of(places)
    assert speakers.label("c", "Clinton") == speakers.label("c", "Mrs Clinton") == "Clinton"
    assert speakers.matching("clinton") == {"Hillary Clinton", "Bill Clinton", "Clinton"}
    assert speakers.matching("Hillary Clinton") == {"Hillary Clinton"}
    both = labels(("a", "Hillary Clinton"), ("a", "Bill Clinton"), ("a", "Clinton"))
    assert both == ["Hillary Clinton", "Bill Clinton", "Clinton"]


def test_a_surname_that_no_full_name_goes_with_is_found_by_the_full_name() -> None:
    speakers = Speakers.of([("a", "Peskov"), ("b", "President Putin")])
    assert speakers.matching("Dmitry Peskov") == {"Peskov"}
    assert speakers.matching("Putin") == {"Putin"}


def test_misspellings_in_one_article_are_one_speaker() -> None:
    found = labels(
        ("a", "Lukashenko"), ("a", "Lukashenko"), ("a", "Lukshanko"), ("b", "Alexander Lukashenka")
    )
    assert found == ["Alexander Lukashenka"] * 4
    assert labels(("a", "Valery Kavaleuski"), ("a", "Lavaleuski")) == ["Valery Kavaleuski"] * 2
    assert labels(("a", "Valery Kavaleuski"), ("b", "Lavaleuski"))[1] == "Lavaleuski"


def test_the_label_is_the_fullest_most_frequent_form() -> None:
    places = [("a", "Zelenskiy"), ("b", "Zelenskiy"), ("c", "Volodymyr Zelensky"), ("d", "V. Zelensky")]
    more = [*places, ("e", "President Volodymyr Zelenskyy"), ("f", "Volodymyr Zelenskyy")]
    assert set(labels(*places)) == {"Volodymyr Zelensky"}
    assert set(labels(*more)) == {"Volodymyr Zelenskyy"}
    assert Speakers.of(more).counts() == [("Volodymyr Zelenskyy", 6)]
    assert Speakers.of(more).spellings("Volodymyr Zelenskyy")[0] == "Zelenskiy"


def test_first_names_only_go_with_a_full_name_of_the_article() -> None:
    assert labels(("a", "Xi Jinping"), ("a", "Xi")) == ["Xi Jinping"] * 2
    assert labels(("a", "Hillary Clinton"), ("b", "Hillary")) == ["Hillary Clinton", "Hillary"]


def test_bodies_and_roles_are_speakers_too() -> None:
    found = labels(
        ("a", "Ukraine’s Ministry of Defense"), ("a", "the Ukrainian defense ministry"), ("b", "a spokesman")
    )
    assert found[0] == found[1] != found[2]


def test_a_name_that_goes_with_two_stays_by_itself() -> None:
    found = labels(("a", "George W. Bush"), ("b", "George H.W. Bush"), ("c", "George Bush"))
    assert len(set(found)) == 3
    assert Speakers.of([("a", "George W. Bush"), ("b", "George H.W. Bush")]).matching("George Bush") == {
        "George W. Bush",
        "George H.W. Bush",
    }


def test_a_slip_in_one_article_does_not_part_a_surname_from_its_owner() -> None:
    places = [*(("a", "Donald Trump") for _ in range(20)), ("b", "Will Trump"), ("c", "Trump")]
    assert labels(*places)[-1] == "Donald Trump"
    assert labels(*places[1:])[-1] == "Trump"


def test_unnamed_sources_are_no_known_speakers() -> None:
    speakers = Speakers.of([("a", "the official"), ("b", "a spokesman"), ("b", "the Kremlin")])
    assert speakers.counts() == [("Kremlin", 1)]
    assert speakers.matching("the official") == {"the official"}


def test_family_is_kept_apart() -> None:
    found = labels(
        ("a", "Joe Biden"),
        ("a", "Hunter Biden"),
        ("a", "Peskov"),
        ("a", "Peskova"),
        ("a", "Tsikhanouski"),
        ("a", "Tsikhanouskaya"),
    )
    assert len(set(found)) == 6


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("Lukashanko", {"Alexander Lukashenko"}), ("Alexander", {"Alexander Lukashenko"}), ("Obama", set())],
)
def test_what_is_asked_for_may_be_misspelt(wanted: str, found: set[str]) -> None:
    assert Speakers.of([("a", "Alexander Lukashenko"), ("a", "Putin")]).matching(wanted) == found


def test_the_nearest_are_named_for_a_name_that_is_not_there() -> None:
    speakers = Speakers.of([("a", "Alexander Lukashenko"), ("a", "Dmitry Peskov"), ("b", "Vladimir Putin")])
    assert speakers.nearest("Peshkow")[0] == "Dmitry Peskov"
    assert speakers.nearest("Qqqq") == []
    assert Speakers.of([]).nearest("Peskov") == []


def test_names_without_letters_and_unknown_places_are_themselves() -> None:
    assert labels(("a", "”"), ("a", "14")) == ["”", "14"]
    assert Speakers.of([("a", "")]).counts() == []
    assert Speakers.of([]).label("a", "Someone") == "Someone"


names = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from(
            ["Bill Clinton", "Hillary Clinton", "Clinton", "Mr Clinton", "H. Clinton", "William Clinton",
             "Pope Francis", "Francis", "the Kremlin", "Kremlin", "Lukashenko", "Lukshanko", "Lukashenka",
             "Alexander Lukashenko", "Aleksandr Lukashenka", "Hillary", "George Bush", "George W. Bush",
             "George H.W. Bush", "Bush", "Zelenskiy", "Volodymyr Zelensky", "Zelesnky", "King", "the king"]
        ),
    ),
    max_size=25,
)  # fmt: skip


@given(names, st.randoms(use_true_random=False))
def test_the_order_of_names_does_not_matter(places: list[tuple[str, str]], chance: random.Random) -> None:
    speakers = Speakers.of(places)
    shuffled = chance.sample(places, len(places))
    again = Speakers.of(shuffled)
    assert [speakers.label(*place) for place in places] == [again.label(*place) for place in places]
    assert speakers.counts() == again.counts()
    named = [written for _, written in places if written != "the king"]
    assert sum(count for _, count in speakers.counts()) == len(named)
    for article_id, written in places:
        assert written in speakers.spellings(speakers.label(article_id, written))
        assert speakers.matching(written)

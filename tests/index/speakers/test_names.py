"""Names: which are of one person or body, which are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.speakers.names import name_matches, read_name, same_name, speaks_for
from index.speakers.spelling import near, one_edit, plain, sound

SAME = [
    ("Lukashenko", "Lukashenka"),
    ("Alexander Lukashenko", "Aleksandr Lukashenko"),
    ("Alexander Lukashenko", "Alyaksandr Lukashenka"),
    ("Belarusian President Alexander Lukashenko", "Lukashenko"),
    ("Lukashenko’s", "Lukashenko"),
    ("Zelensky", "Zelenskyy"),
    ("Zelensky", "Zelenskiy"),
    ("Zelenskyy", "Zelenskij"),
    ("Volodymyr Zelensky", "Vladimir Zelenskiy"),
    ("President Volodymyr Zelenskyy", "Mr Zelensky"),
    ("Volodymyr Zelensky", "Volodymyr Zelesnky"),
    ("Kremlin spokesperson Dmitry Peskov", "Peskov"),
    ("Dmitry Peskov", "Dmitri Peskov"),
    ("Dmitry Peskov, the Kremlin spokesman", "Dmytro Peskov"),
    ("Peskov", "peskov"),
    ("D. Peskov", "Dmitry Peskov"),
    ("Valery Kavaleuski", "Valery Lavaleuski"),
    ("Valery Kavaleuski", "Valeri Kovalevski"),
    ("Sviatlana Tsikhanouskaya", "Svetlana Tikhanovskaya"),
    ("Sergei Lavrov", "Sergey Lavrov"),
    ("Foreign Minister Sergei Lavrov", "Minister of Foreign Affairs Sergey Lavrov"),
    ("Sergei Shoigu", "Serhiy Shoigu"),
    ("Igor Konashenkov", "Ihor Konashenkov"),
    ("Dmytro Kuleba", "Dmitry Kuleba"),
    ("Andriy Yermak", "Andrii Yermak"),
    ("Chief of Staff Andriy Yermak", "Andrei Ermak’s aide, Yermak"),
    ("Viktor Orbán", "Victor Orban"),
    ("Aleksandar Vučić", "Vucic"),
    ("António Guterres", "UN Secretary-General Antonio Guterres"),
    ("Emmanuel Macron", "French President Emmanuel Macron"),
    ("Recep Tayyip Erdoğan", "Erdogan"),
    ("Recep Tayyip Erdogan", "Recep Erdogan"),
    ("Ursula von der Leyen", "von der Leyen"),
    ("European Commission President Ursula von der Leyen", "Leyen"),
    ("Mohammed bin Salman", "Mohammad bin Salman"),
    ("Bashar al-Assad", "Assad"),
    ("Secretary of State John Kerry", "Kerry"),
    ("George W. Bush", "George Bush"),
    ("George H.W. Bush", "George H. W. Bush"),
    ("J.K. Rowling", "JK Rowling"),
    ("Kim Jong-un", "Kim Jong Un"),
    ("Ben Wallace", "Defence Secretary Benjamin Wallace"),
    ("Speaker of the House Nancy Pelosi", "House Speaker Nancy Pelosi"),
    ("Mayor of London Sadiq Khan", "Sadiq Khan"),
    ("DONALD TRUMP", "Donald Trump"),
    ("Donald Trump Jr.", "Donald Trump, Jr"),
    ("President-elect Donald Trump", "Trump"),
    ("Rapper Megan Hale", "Megan Hale"),
    ("Pope Francis", "Francis"),
    ("Stephen King", "King"),
    ("Linda Thomas-Greenfield", "Thomas-Greenfield"),
    ("Ukraine’s Ministry of Defense", "the Ukrainian defense ministry"),
    ("Ukraine’s Defence Ministry", "The Ukrainian Ministry of Defense"),
    ("Russia’s foreign ministry", "the Russian Foreign Ministry"),
    ("the Kremlin", "Kremlin"),
    ("The New York Times", "New York Times"),
]
DIFFERENT = [
    ("Hillary Clinton", "Bill Clinton"),
    ("Hillary Clinton", "Chelsea Clinton"),
    ("Bill Clinton", "Chelsea Clinton"),
    ("Joe Biden", "Hunter Biden"),
    ("Hunter J. Biden", "Joe Biden"),
    ("President Joe Biden", "Jill Biden"),
    ("Michael Obama", "Michelle Obama"),
    ("Peskov", "Peskova"),
    ("Dmitry Peskov", "Peskova"),
    ("Ivanov", "Ivanova"),
    ("Alexander Ivanov", "Alexandra Ivanova"),
    ("Tikhanovsky", "Tikhanovskaya"),
    ("Navalny", "Navalnaya"),
    ("Johnson", "Jonson"),
    ("Boris Johnson", "Ron Johnson"),
    ("Lee", "Li"),
    ("Lee", "Leigh"),
    ("Xi Jinping", "Li Qiang"),
    ("Kim Jong Un", "Kim Yo Jong"),
    ("Donald Trump", "Donald Trump Jr."),
    ("Donald Trump", "Ivanka Trump"),
    ("George W. Bush", "George H.W. Bush"),
    ("J. Smith", "Adam Smith"),
    ("Vladimir Putin", "Putin ally Nikolai Patrushev"),
    ("Putin", "Pushkin"),
    ("Putin", "Purin"),
    ("Petersen", "Peterson"),
    ("Andersen", "Anderson"),
    ("Valery Kavaleuski", "Pavel Lavaleuski"),
    ("Kavaleuski", "Lavaleuski"),
    ("Daniel Hale", "Daniela Hale"),
    ("Donald Trump", "the Trump campaign"),
    ("Zelensky", "Zelensky’s office"),
    ("Zelensky", "a spokesman for Mr Zelensky"),
    ("Zelensky", "an adviser to Zelensky"),
    ("Zelensky", "Kuleba and Zelensky"),
    ("Russia", "the president of Russia"),
    ("the Ukrainian defense ministry", "the Russian defense ministry"),
    ("the Ukrainian defense ministry", "the Ukrainian foreign ministry"),
    ("the Ukrainian defense ministry", "the Ukrainian defense minister"),
    ("the Belarusian leader", "the Russian leader"),
    ("the Ukrainian president", "Volodymyr Zelensky"),
    ("The Moscow Times", "The New York Times"),
    ("Pope Francis", "Anna Francis"),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_spellings_of_one_name(a: str, b: str) -> None:
    assert same_name(a, b)


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_names_that_stay_apart(a: str, b: str) -> None:
    assert not same_name(a, b)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Kremlin spokesperson Dmitry Peskov", "Dmitry Peskov"),
        ("former U.S. ambassador to Russia Michael McFaul", "Michael McFaul"),
        ("Prime Minister of Israel Benjamin Netanyahu", "Benjamin Netanyahu"),
        ("Lt. Gen. Mark Hertling", "Mark Hertling"),
        ("Lukashenko himself", "Lukashenko"),
        ("the Belarusian leader", "the Belarusian leader"),
        ("Donald Trump, Jr", "Donald Trump Jr."),
        ("\n", ""),
    ],
)
def test_what_is_shown_of_a_name(written: str, shown: str) -> None:
    assert read_name(written).shown == shown


def test_a_first_name_finds_its_speaker_but_is_not_the_same_name() -> None:
    assert name_matches("Hillary Clinton", "hillary")
    assert name_matches("Hillary Clinton", "hillary clinton")
    assert name_matches("the officials", "officials")
    assert name_matches("Xi Jinping", "Xi")
    assert not same_name("Hillary Clinton", "Hillary")
    assert not name_matches("Hillary Clinton", "Bill")


WORDS = """
President Mr Dmitry Peskov Peskova Lukashenko Lukashenka the of Clinton Hillary J. Jr. von Leyen ministry
Ukraine’s Ukrainian Defence King Pope al-Assad Zelenskyy Zelesnky , Kavaleuski Host Olga
"""
written = st.text(max_size=30) | st.lists(st.sampled_from(WORDS.split()), max_size=6).map(" ".join)


@given(written, written)
def test_same_name_is_symmetric_and_reflexive(a: str, b: str) -> None:
    assert same_name(a, a)
    assert same_name(a, b) == same_name(b, a)


word = st.text(st.sampled_from("aeiouykhstzcjvwnlr"), max_size=12)


@given(word, word)
def test_spellings_are_compared_alike_from_both_sides(a: str, b: str) -> None:
    assert near(a, b) == near(b, a)
    assert one_edit(a, b) == one_edit(b, a)
    assert near(a, a) == (len(a) >= 8)


@given(st.text(max_size=20))
def test_folding_what_was_folded_changes_nothing(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert sound(text) == sound(plain(text))


@given(word, st.integers(0, 12), st.sampled_from("aeiouykhstzcjvwnlr"))
def test_one_edit_sees_each_kind_of_slip(text: str, at: int, letter: str) -> None:
    at = min(at, len(text))
    assert one_edit(text, text[:at] + letter + text[at:])
    assert one_edit(text, text[:at] + letter + text[at + 1 :])
    assert one_edit(text, text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :])


@pytest.mark.parametrize(
    ("source", "body", "speaks"),
    [
        ("Harbour spokeswoman Ada Okoye", "the Harbour", True),
        ("Norwegian officials", "Norway", False),
        ("Ruritania’s Ministry of Trade", "Ruritania", True),
        ("Ruritanian President Anna Berg", "Ruritania", True),
        ("Anna Berg, the Harbour Board chair", "the Harbour Board", True),
        ("Ada Okoye", "Okoye", False),
        ("President Anna Berg", "Anna Berg", False),
        ("a fisherman from Ruritania", "Ruritania", False),
        ("Ada Okoye", "", False),
    ],
)
def test_who_speaks_for_a_body(source: str, body: str, speaks: bool) -> None:
    assert speaks_for(source, body) == speaks

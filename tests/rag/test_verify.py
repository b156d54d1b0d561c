"""Checking a sentence against what it cites: what is caught, what is let be, what must hold for any text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from time import perf_counter

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.sentences import sentences
from index.types import ArticleHead
from index.words import stems
from rag.verify.verifier import Evidence, Verdict, Verifier

HEAD = ArticleHead("a", "Ferry to Ostwick will stop", "Lenna Courier", date(2023, 4, 5))
TEXT = (
    "The ferry between Lenna and Ostwick will stop on 1 June, the town said on Friday. “It carries eleven"
    " people a day,” Mayor Mira Halden told the council. Harbour master Tom Weld disagreed. “The ferry is"
    " not the problem, the timetable is,” Weld said. Repairs would cost 1.2 million euros, 40 percent more"
    " than in 2019. Belarus sent two engineers, who stayed for three weeks."
)
BEFORE = "Council of the town met for six hours. Its treasurer, Ann Orsk, was absent. "


def _embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Word counts in 256 bins: texts that share words are near."""
    rows = np.zeros((len(texts), 256), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in stems(text):
            row[sum(word.encode()) % 256] += 1
        row /= max(float(np.linalg.norm(row)), 1e-9)
    return rows


VERIFIER = Verifier(_embed)


def check(claim: str, text: str = TEXT, around: str = BEFORE + TEXT) -> Verdict:
    return VERIFIER.check(claim, [Evidence(text, HEAD, around)])


BORNE_OUT = [
    "The ferry between Lenna and Ostwick will stop on 1 June.",
    "The ferry will stop on 1 June 2023, the town said on 31 March 2023. [1]",
    "On Friday, March 31, the town said the ferry to Ostwick will stop.",
    "Mira Halden, the mayor, told the council that it carries 11 people a day.",
    "Mayor Halden said: “It carries eleven people a day.”",
    'According to Weld, "the ferry is not the problem, the timetable is."',
    "The ferry isn't the problem, the timetable is, Tom Weld said.",
    "Repairs would cost €1.2 million, which is 40% more than in 2019.",
    "Repairs would cost 1,200,000 euros.",
    "2 Belarusian engineers stayed for three weeks.",
    "According to the Lenna Courier, the ferry between Lenna and Ostwick will stop on 1 June.",
    "The Lenna Courier reported on 5 April 2023 that the ferry between Lenna and Ostwick will stop.",
]
BROKEN = [
    ("The ferry between Lenna and Ostwick will stop on 1 July.", "1 July"),
    ("The ferry will stop, the town said on Monday.", "Monday"),
    ("The ferry will stop, the town said on 30 March 2023.", "30 March 2023"),
    ("Mayor Mira Halden told the council that it carries fifteen people a day.", "fifteen"),
    ("Repairs would cost 1.2 billion euros, 40 percent more than in 2019.", "1.2 billion"),
    ("Repairs would cost 40 million euros.", "40 million"),
    ("Repairs would cost 1.2 million dollars, 40 percent more than in 2019.", "unit"),
    ("Repairs would cost 1.2 million euros, 40 percent more than in 2018.", "2018"),
    ("Two engineers from Belarus stayed for three months.", "months"),
    ("Russia sent two engineers, who stayed for three weeks.", "Russia"),
    ("“The ferry is not the problem, the timetable is,” Halden said.", "Weld"),
    ("Mayor Mira Halden said: “It carries hardly eleven people a day.”", "hardly"),
    ("The ferry between Lenna and Ostwick will not stop on 1 June.", "not"),
    ("“The ferry is the problem, the timetable is not,” Weld said.", "ferry is the problem"),
    ("Tom Weld said that the ferry is the problem.", "not"),
    ("Repairs would cost 1.2 million euros, 40 percent less than in 2019.", "less"),
    ("The town will buy a second ferry from a shipyard and name it after the mayor.", "do not say"),
]


@pytest.mark.parametrize("claim", BORNE_OUT)
def test_a_faithful_sentence_is_let_be(claim: str) -> None:
    verdict = check(claim)
    assert verdict.support != "unsupported", verdict
    assert verdict.reason == ""


@pytest.mark.parametrize(("claim", "told"), BROKEN)
def test_a_broken_sentence_is_caught_and_the_reason_names_what_is_wrong(claim: str, told: str) -> None:
    verdict = check(claim)
    assert verdict.support == "unsupported", verdict
    assert told in verdict.reason
    assert "\n" not in verdict.reason


def test_words_of_the_article_are_verbatim_with_or_without_a_marker() -> None:
    assert check("“The ferry is not the problem, the timetable is,” Weld said. [2]").support == "verbatim"


def test_words_that_the_article_takes_back_are_not_verbatim() -> None:
    denied = "Officials denied that the bridge is closed to lorries."
    assert check("The bridge is closed to lorries.", denied, "").support != "verbatim"
    assert (
        check("the bridge opened in May", "It is not true that the bridge opened in May.", "").support
        == "unsupported"
    )


def test_a_number_stays_with_what_it_counts() -> None:
    text = "Six people were killed and ninety injured when the ferry hit the pier."
    assert check("Six people were injured when the ferry hit the pier.", text, "").support == "unsupported"
    assert check("Six people were killed when the ferry hit the pier.", text, "").support == "supported"


def test_a_quotation_may_run_on_around_the_cited_words_but_not_stand_there_alone() -> None:
    around = "“We asked twice. Nobody came to mend the pier,” said Tom Weld."
    cited = "Nobody came to mend the pier,” said Tom Weld."
    assert check("Tom Weld said: “We asked twice. Nobody came to mend the pier.”", cited, around).reason == ""
    assert "We asked twice" in check("Tom Weld said: “We asked twice.”", cited, around).reason


def test_a_name_may_stand_around_the_words_when_the_words_say_he() -> None:
    cited = "He said the pier would be mended by the town."
    around = f"Tom Weld came to the council. {cited}"
    assert check("Tom Weld said the pier would be mended by the town.", cited, around).reason == ""
    assert "Ann Orsk" in check("Ann Orsk said the pier would be mended by the town.", cited, around).reason


@pytest.mark.parametrize(
    "claim",
    [
        "According to the sources:",
        "The articles do not answer this.",
        "The sources do not mention what a ticket will cost.",
        "There is no information in the sources about the price.",
        "I don't know.",
        "Yes.",
        "",
        " [1] [2]",
        "**Summary**",
    ],
)
def test_what_claims_nothing_is_never_flagged(claim: str) -> None:
    assert check(claim) == Verdict("supported", 1.0)


@pytest.mark.parametrize(
    "claim",
    [
        "The sources do not mention the price, but the ferry sank with ninety people in 2021.",
        "The ferry sank with ninety people in 2021; the articles do not say why.",
    ],
)
def test_a_claim_is_no_disclaimer_for_having_one_beside_it(claim: str) -> None:
    assert check(claim).support == "unsupported"


def test_nothing_cited_supports_nothing() -> None:
    assert VERIFIER.check("The ferry will stop.", []).support == "unsupported"
    assert VERIFIER.check("The ferry will stop.", [Evidence(" \n", HEAD)]).support == "unsupported"


def test_the_sentence_that_bears_a_claim_out_is_aligned_best() -> None:
    spans = sentences(TEXT)
    scores = VERIFIER.align("Mending it would cost 1.2 million euros.", [s.of(TEXT) for s in spans])
    assert "Repairs" in spans[int(scores.argmax())].of(TEXT)
    assert scores.shape == (len(spans),)
    assert ((scores >= 0) & (scores <= 1)).all()
    assert VERIFIER.align("Anything.", []).shape == (0,)


def test_a_model_may_veto_what_the_rules_let_pass() -> None:
    read: list[tuple[str, str]] = []

    def contradicts(words: str, claim: str) -> bool:
        read.append((words, claim))
        return "wholly" in claim

    verifier = Verifier(_embed, contradicts=contradicts)
    evidence = [Evidence(TEXT, HEAD)]
    assert (
        verifier.check("Belarus sent two engineers, who stayed wholly for three weeks.", evidence).reason
        == "the source says otherwise"
    )
    assert verifier.check("Repairs would cost 1,200,000 euros.", evidence).support == "supported"
    assert "engineers" in read[0][0] and "Repairs" in read[1][0]


HARD = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"), st.sampled_from("[]1.5 “”\"'’-–—%$€,.;:!?*#_`\n\t May ’s n’t not 2023")
    ),
    max_size=160,
)


@given(HARD, st.lists(st.tuples(HARD, HARD, HARD), max_size=3))
@example("9" * 400, [("9" * 400 + " million", "", "")])
@example("On 2023-99-99 and 31 February 2023", [("On 2023-99-99", "2023-13-41", "")])
@example("İİ ßẞ ﬁ ½ ² Ⅷ", [("İİ", "ﬁ", "")])
def test_any_text_gets_a_verdict(claim: str, given_: list[tuple[str, str, str]]) -> None:
    cited = [
        Evidence(text, ArticleHead("a", title, None, date(2023, 4, 5)), around)
        for text, around, title in given_
    ]
    verdict = VERIFIER.check(claim, cited)
    assert 0 <= verdict.score <= 1
    assert bool(verdict.reason) == (verdict.support == "unsupported")
    assert verdict.reason == " ".join(verdict.reason.split())


SOME = (
    "the Mayor said not on Friday 1.2 million “it stops” in May 2021 Halden Weld denied that if no ferry's"
    " 40 % U.S. (two) isn't ** [3] # Lenna"
)


@pytest.mark.parametrize("word", ["a ", "not ", "Ann ", "7 ", "said “", "(", "May 3, ", "'s ", "x" * 50])
def test_a_very_long_sentence_takes_no_long_time(word: str) -> None:
    long = word * (20_000 // len(word))
    start = perf_counter()
    check(long[:3000] + "and more", long, long)
    check(long + "and more", long, long)
    check(TEXT, long, long)
    assert perf_counter() - start < 10


WORDS = st.sampled_from(SOME.split())
LINES = st.lists(WORDS, min_size=3, max_size=14).map(lambda words: " ".join(words) + ".")


@given(st.lists(LINES, min_size=1, max_size=6), st.integers(0, 5))
def test_a_whole_sentence_of_the_evidence_is_verbatim(lines: list[str], which: int) -> None:
    text = " ".join(lines)
    cut = sentences(text)
    claim = cut[which % len(cut)].of(text)
    if any(c.isalnum() for c in claim):
        assert check(claim, text, text).support != "unsupported"


@given(st.sampled_from(BORNE_OUT + [claim for claim, _ in BROKEN]), st.lists(LINES, max_size=4), st.randoms())
def test_the_order_of_evidence_does_not_matter(claim: str, lines: list[str], random: object) -> None:
    cited = [Evidence(text, HEAD) for text in (TEXT[:250], TEXT[250:], *lines)]
    assert VERIFIER.check(claim, cited) == VERIFIER.check(claim, cited[::-1])


@given(st.integers(0, 5), st.lists(LINES, max_size=3))
def test_more_evidence_never_takes_verbatim_away(which: int, lines: list[str]) -> None:
    claim = sentences(TEXT)[which].of(TEXT)
    more = [Evidence(text, HEAD) for text in lines]
    assert VERIFIER.check(claim, [Evidence(TEXT, HEAD), *more]).support == "verbatim"

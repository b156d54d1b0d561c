"""When an answer counts as right: our rule, RealTimeQA's and RGB's, by hand."""

from __future__ import annotations

import string
from collections import Counter
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.eval.matching import answer_match, exact_match, f1, normalise, rgb_accuracy, rgb_rejected

Groups = list[list[str]]

words = st.text("aAb ,.“”的年", max_size=8)
groups_of_words = st.lists(st.lists(words, max_size=3), max_size=4)


@pytest.mark.parametrize(
    ("answer", "groups", "right"),
    [
        ("The mayor said “it’s a start”.", [["its start"]], True),
        ("About 1,000 square kilometres, he said.", [["1000 square kilometres"]], True),
        ("Odesa and Yuzhny", [["odesa"], ["yuzhny"]], True),
        ("Odesa", [["odesa"], ["yuzhny"]], False),
        ("In the spring", [["autumn", "Spring"]], True),
        ("Anything", [], False),
        ("Anything", [[]], False),
        ("It cost 5 % more", [["%"]], True),
        ("It cost 5 more", [["%"]], False),
        ("Blood type A", [["A"]], True),
        ("", [["x"]], False),
    ],
)
def test_an_answer_is_right_if_every_group_has_a_variant_in_it(
    answer: str, groups: Groups, right: bool
) -> None:
    assert answer_match(answer, groups) is right


@given(st.text())
def test_normalised_text_has_single_spaces_and_no_punctuation(text: str) -> None:
    once = normalise(text)
    assert "  " not in once
    assert once == once.strip()
    assert not any(ch in once for ch in "“”’'\".,;!?")


@pytest.mark.parametrize(
    ("answer", "groups", "matched", "shared"),
    [
        # Case and ASCII punctuation do not count, articles do.
        ("the U.S. Senate!", [["The US Senate"]], 1, 1),
        ("Senate", [["the Senate"]], 0, 2 / 3),
        # Tokens are the words between white space; a hyphen joins.
        ("a 10-day truce", [["10day  truce"]], 0, 4 / 5),
        # Curly quotation marks stay, so the option without them has to be a variant.
        ("Night Shift", [["“Night Shift”"]], 0, 0),
        ("Night Shift", [["“Night Shift”", "Night Shift"]], 1, 1),
        # Two right options, in either order, and nothing between them.
        ("Chad Mali", [["Mali"], ["Chad"]], 1, 1),
        ("Mali and Chad", [["Mali"], ["Chad"]], 0, 4 / 5),
        ("Mali", [["Mali"], ["Chad"]], 0, 2 / 3),
        # A token counts as often as both have it: 1 of 3 said, 1 of 2 wanted.
        ("no no no", [["no way"]], 0, 2 / 5),
        # The counting words of the script's second language.
        ("2021年", [["2021"]], 1, 1),
        # The longer variant shares more, the shorter one fits better: 4 / 5 against 1 / 2.
        ("port of Odesa", [["Odesa port", "Odesa"]], 0, 4 / 5),
        ("", [["x"]], 0, 0),
        ("x", [], 0, 0),
        ("x", [["x"], []], 0, 0),
        # Gold answers of nothing but punctuation: equal to an answer of the same kind, yet nothing is shared.
        ("!", [["?"]], 1, 0),
    ],
)
def test_exact_match_and_f1_by_hand(answer: str, groups: Groups, matched: float, shared: float) -> None:
    assert exact_match(answer, groups) == matched
    assert f1(answer, groups) == pytest.approx(shared)


def _script(text: str) -> list[str]:
    kept = "".join(ch for ch in text.lower() if ch not in string.punctuation)
    for counter in "年歳人년":
        kept = kept.replace(counter, "")
    return kept.split()


@given(answer=words, groups=groups_of_words)
def test_they_are_the_best_over_all_orders_and_variants(answer: str, groups: Groups) -> None:
    orders = (
        [" ".join(order) for chosen in product(*groups) for order in permutations(chosen)] if groups else []
    )
    said, golds = _script(answer), [_script(order) for order in orders]
    assert exact_match(answer, groups) == max((said == gold for gold in golds), default=False)
    best = 0.0
    for gold in golds:
        shared = (Counter(said) & Counter(gold)).total()
        precision, recall = shared / max(len(said), 1), shared / max(len(gold), 1)
        best = max(best, 2 * precision * recall / (precision + recall) if shared else 0)
    assert f1(answer, groups) == pytest.approx(best)


def test_many_groups_and_variants_take_no_time() -> None:
    groups = [[f"name{number}", f"name {number}", "also"] for number in range(10)]
    answer = " ".join(group[1] for group in reversed(groups))
    assert exact_match(answer, groups) == 1
    assert f1(answer, groups) == 1


@pytest.mark.parametrize(
    ("answer", "groups", "right"),
    [
        ("It was ODESA.", [["Odesa"]], True),
        ("It was Odesa, then Yuzhny.", [["Odesa"], ["Pivdennyi", "Yuzhny"]], True),
        ("It was Odesa.", [["Odesa"], ["Pivdennyi", "Yuzhny"]], False),
        # Nothing is normalised but case: punctuation and articles have to be there.
        ("Jan 2 2022", [["Jan 2, 2022"]], False),
        ("He is the mayor", [["a mayor"]], False),
        # A rejection is wrong even if the answer is in it.
        ("Odesa, yet there is insufficient information in documents.", [["Odesa"]], False),
        ("x", [], False),
        ("x", [[]], False),
    ],
)
def test_accuracy_of_rgb(answer: str, groups: Groups, right: bool) -> None:
    assert rgb_accuracy(answer, groups) is right


@pytest.mark.parametrize(
    ("answer", "rejected"),
    [
        ("I can not answer because of the insufficient information in documents.", True),
        ("文档信息不足,因此我无法回答。", True),
        ("Insufficient information.", False),
        ("The articles do not tell.", False),
        ("", False),
    ],
)
def test_rejection_of_rgb_is_a_phrase(answer: str, rejected: bool) -> None:
    assert rgb_rejected(answer) is rejected

"""The packaged cross-encoder: what it scores, in which order, and what is said when there is none."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from rag.cross import CrossEncoder, load_cross_encoder
from rag.errors import ModelError
from rag.judge import all_told, load_judge
from rag.signals import SIGNALS

QUESTION = "Who opened the new bridge in Halden?"
ANSWERS = "The new bridge in Halden was opened by the mayor, Signe Vik, on Monday."
OTHERS = (
    "The new bridge in Halden cost twice as much as planned.",
    "Halden lies in the south of the country.",
    "Rain is expected until Thursday, and then it will be warmer than it was in all of this month.",
)


@pytest.fixture(scope="module")
def model() -> CrossEncoder:
    found = load_cross_encoder()
    assert found is not None
    return found


def test_the_sentence_that_answers_is_above_the_others(model: CrossEncoder) -> None:
    scores = model.score(QUESTION, [*OTHERS, ANSWERS])
    assert int(scores.argmax()) == len(OTHERS)
    assert scores[-1] > 0


def test_scores_come_in_the_order_of_the_sentences(model: CrossEncoder) -> None:
    sentences = [*OTHERS, ANSWERS] * 5
    forwards = model.score(QUESTION, sentences)
    backwards = model.score(QUESTION, sentences[::-1])
    assert np.allclose(forwards, backwards[::-1], atol=0.35)  # int8 steps depend on the batch


def test_no_sentences_no_scores(model: CrossEncoder) -> None:
    assert model.score(QUESTION, []).shape == (0,)


def test_very_long_and_odd_texts_are_read(model: CrossEncoder) -> None:
    scores = model.score("q " * 500, ["word " * 3000, "", "\x00 \u202e", "Привет, мир"])
    assert np.isfinite(scores).all()


def test_the_model_is_small_enough_to_ship() -> None:
    assert len(files("rag").joinpath("cross.onnx").read_bytes()) < 25 * 2**20


def test_none_is_none() -> None:
    assert load_cross_encoder("none") is None
    assert load_judge("none").weights.sureness_of_given(np.zeros((1, len(SIGNALS)))) is None


def test_a_folder_without_a_model_is_named_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cross-encoder") as error:
        load_cross_encoder(str(tmp_path))
    assert str(tmp_path) in str(error.value)
    assert "\n" not in str(error.value)


def test_more_sentences_that_answer_tell_more() -> None:
    rows = np.zeros((3, len(SIGNALS)))
    rows[:, SIGNALS.index("cross")] = [-50, -50, -50]
    assert all_told(rows) == pytest.approx(0)
    rows[0, SIGNALS.index("cross")] = 2.0
    one = all_told(rows)
    assert one == pytest.approx(np.log(1 + np.exp(2.0)))
    rows[1, SIGNALS.index("cross")] = 2.0
    assert all_told(rows) > one

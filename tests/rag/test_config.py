from __future__ import annotations

from pathlib import Path

import pytest

from rag.config import default_home, load_settings
from rag.errors import SettingsError


def test_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert (settings.home, settings.search.top_k, settings.answer.abstain) == (tmp_path, 10, "on")


def test_arguments_beat_environment_beats_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "onrecord.toml").write_text(
        '[search]\ntop_k = 3\n[answer]\nabstain = "strict"\n', encoding="utf-8"
    )
    assert load_settings(tmp_path).search.top_k == 3
    monkeypatch.setenv("ONRECORD_SEARCH__TOP_K", "4")
    assert load_settings(tmp_path).search.top_k == 4
    settings = load_settings(tmp_path, {"search": {"top_k": 5}})
    assert (settings.search.top_k, settings.answer.abstain) == (5, "strict")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[search]\ntop_q = 3\n", "search.top_q"),
        ("[serach]\ntop_k = 3\n", "serach"),
        ("[search]\ntop_k = 0\n", "search.top_k"),
        ("[search\n", "cannot be read"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "onrecord.toml").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=said) as error:
        load_settings(tmp_path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["ONRECORD_SEACH__TOP_K", "ONRECORD_SEARCH__TOPK", "ONRECORD_HOM"])
def test_a_misspelt_variable_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "3")
    with pytest.raises(SettingsError, match=name):
        load_settings(tmp_path)


def test_home_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path))
    assert default_home() == tmp_path
    assert load_settings().home == tmp_path


def test_settings_are_frozen(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings(tmp_path).search.top_k = 3  # type: ignore[misc]


def test_the_models_of_the_page_come_from_the_file_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_settings(tmp_path).page.models == ()
    (tmp_path / "onrecord.toml").write_text('[page]\nmodels = ["extractive", "llamacpp:tiny"]\n')
    assert load_settings(tmp_path).page.models == ("extractive", "llamacpp:tiny")
    monkeypatch.setenv("ONRECORD_PAGE__MODELS", '["ollama:big"]')
    assert load_settings(tmp_path).page.models == ("ollama:big",)


def test_what_may_be_fetched_is_limited_by_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load_settings(tmp_path).fetch.limits.private
    (tmp_path / "onrecord.toml").write_text("[fetch]\nmax_mb = 0.5\ntimeout_s = 3\n")
    monkeypatch.setenv("ONRECORD_FETCH__PRIVATE", "true")
    limits = load_settings(tmp_path).fetch.limits
    assert (limits.private, limits.max_bytes, limits.timeout_s) == (True, 2**19, 3.0)

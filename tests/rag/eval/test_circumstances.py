"""What is recorded of a run's settings: all that answers depend on, and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.load import load_prompt
from rag.config import load_settings
from rag.errors import SettingsError
from rag.eval.circumstances import HIDDEN, settings_facts, without_secrets


def test_without_a_chat_model_nothing_is_said_of_one(tmp_path: Path) -> None:
    facts = settings_facts(load_settings(tmp_path))
    assert facts["answer"]["llm"] == "extractive"
    assert not {"llm", "prompt", "home"} & facts.keys()


def test_with_one_its_prompts_are_named_with_their_hashes(tmp_path: Path) -> None:
    chosen = {"answer": {"llm": "maker:model"}, "llm": {"max_tokens": 99}}
    facts = settings_facts(load_settings(tmp_path, chosen))
    assert (facts["llm"]["max_tokens"], facts["prompt"]) == (99, load_prompt("answer.v1").id)
    assert "rewrite_prompt" not in facts
    by_model = {**chosen, "llm": {"rewrite": "model"}}
    facts = settings_facts(load_settings(tmp_path, by_model))
    assert facts["rewrite_prompt"] == load_prompt("rewrite.v1").id


def test_a_prompt_of_one_s_own_counts_by_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    text = 'description = "d"\nvariables = ["sources", "asked", "question", "number", "outlet", "date", '
    text += '"title", "text"]\nsystem = "Be brief."\nuser = "$sources $asked $question"\n'
    text += 'source = "$number $outlet $date $title $text"\n'
    chosen = {"answer": {"llm": "maker:model"}, "llm": {"prompt": str(path)}}

    def told() -> str:
        return str(settings_facts(load_settings(tmp_path, chosen))["prompt"])

    path.write_text(text, encoding="utf-8")
    before = told()
    path.write_text(text.replace("brief", "kind"), encoding="utf-8")
    assert before.startswith("mine@") and told() != before
    path.unlink()
    with pytest.raises(SettingsError, match="cannot be read"):
        told()


def test_secrets_are_hidden_by_name_and_in_addresses(tmp_path: Path) -> None:
    options = {
        "api_key": "sk-1",
        "temperature": 0.5,
        "max_tokens": 50,
        "default_headers": {"Authorization": "Bearer sk-2"},
        "nested": [{"auth_token": "sk-3"}, "https://me:sk-4@host/v1"],
        "base_url": "http://me:sk-5@127.0.0.1:8000/v1",
    }
    chosen = {"answer": {"llm": "openai:m@http://me:sk-6@host/v1"}, "llm": {"options": options}}
    facts = settings_facts(load_settings(tmp_path, chosen))
    assert "sk-" not in repr(facts)
    kept = facts["llm"]["options"]
    assert (kept["api_key"], kept["temperature"], kept["max_tokens"]) == (HIDDEN, 0.5, 50)
    assert kept["base_url"] == "http://127.0.0.1:8000/v1"
    assert facts["answer"]["llm"] == "openai:m@http://host/v1"


@given(st.recursive(st.integers() | st.booleans() | st.none(), lambda one: st.lists(one), max_leaves=5))
def test_what_is_no_secret_stays(value: object) -> None:
    assert without_secrets({"size": value}) == {"size": value}

"""Prompts: released ones never change, variables are checked both ways, values stay data."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.load import PromptError, load_prompt, released

GOOD = 'description = "d"\nvariables = ["a"]\nsystem = "Be brief."\nuser = "Say $a"\n'
ANSWER = {
    "system": (),
    "user": ("sources", "asked", "question"),
    "source": ("number", "outlet", "date", "title", "text"),
}
NUMBERED = ANSWER | {"source": ("number", "outlet", "date", "title", "sentences")}
# A file that has been released is never edited: a changed prompt is a new version with a line of its own.
HASHES = {
    "answer.v1": "1aae8558509684921cba046b10e8fb9f1532adee30da17c1c39df89386c3bfa3",
    "rewrite.v1": "bb5297005d0fc61243a7ca8eca92deceef7bc4a4c4211dd9464a9a5ea2199146",
    "answer-small.v2": "419edce9d03743d9478e6f99af28758b100cb5726948c56f0fd09c11a7e23e39",
}
REWRITE = {"system": (), "user": ("history", "question"), "source": ()}


def write(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def refusal(name: str, **wanted: tuple[str, ...]) -> str:
    with pytest.raises(PromptError) as told:
        load_prompt(name, wanted)
    assert "\n" not in str(told.value)
    return str(told.value)


def test_released_files_are_never_edited() -> None:
    assert {name: load_prompt(name).hash for name in released()} == HASHES


def test_there_is_a_prompt_for_answers_and_one_for_follow_ups() -> None:
    assert {"answer.v1", "rewrite.v1"} <= set(released())


@pytest.mark.parametrize("name", released())
def test_every_released_prompt_has_what_its_kind_is_filled_with(name: str) -> None:
    kinds = {"answer": ANSWER, "answer-small": NUMBERED, "rewrite": REWRITE}
    prompt = load_prompt(name, kinds[name.split(".")[0]])
    assert prompt.name == name
    assert prompt.id == f"{name}@{prompt.hash[:8]}"
    assert prompt.description
    assert "$" not in prompt.system, "the fixed part comes first, so that it is read once"


def test_the_prompt_for_answers_names_its_rules() -> None:
    system = load_prompt("answer.v1").system
    assert "The articles do not answer this." in system
    assert "[1]" in system


def test_a_source_is_written_as_the_markers_name_it() -> None:
    prompt = load_prompt("answer.v1", ANSWER)
    told = prompt.fill(
        "source", number=3, outlet="Lenna Courier", date="2021-05-04", title="Ferry", text="It stops."
    )
    assert told == "[3] Lenna Courier, 2021-05-04: Ferry\nIt stops."
    user = prompt.fill("user", sources=told, asked="2021-05-09", question="Why?")
    assert user.index(told) < user.index("2021-05-09") < user.index("Why?")


def test_a_line_with_nothing_but_what_is_unknown_is_left_out(tmp_path: Path) -> None:
    head = 'description = "d"\nvariables = ["a", "b"]\nsystem = "s"\n'
    user = 'user = """\nOne\n\nIt is $a.\n\nTwo: $b, $a\n"""\n'
    prompt = load_prompt(write(tmp_path, head + user))
    assert prompt.fill("user", a="x", b="y") == "One\n\nIt is x.\n\nTwo: y, x"
    assert prompt.fill("user", a=None, b="y") == "One\n\nTwo: y, unknown"


def test_a_file_of_ones_own_is_named_and_hashed(tmp_path: Path) -> None:
    prompt = load_prompt(write(tmp_path, GOOD))
    assert (prompt.name, prompt.hash) == ("mine", sha256(GOOD.encode()).hexdigest())
    assert (prompt.system, prompt.fill("user", a="hello"), prompt.source) == ("Be brief.", "Say hello", "")


def test_line_ends_of_a_checkout_do_not_change_the_hash(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(GOOD.replace("\n", "\r\n").encode())
    assert load_prompt(str(path)).hash == sha256(GOOD.encode()).hexdigest()


def test_a_home_folder_may_be_shortened(user_home: Path) -> None:
    write(user_home, GOOD)
    assert load_prompt("~/mine.toml").name == "mine"


@given(st.text())
def test_values_are_data(value: str) -> None:
    prompt = load_prompt("rewrite.v1", REWRITE)
    text = prompt.fill("user", history="$question ${x} $$ " + value, question=value)
    assert text.startswith("$question ${x} $$ " + value)
    assert text.endswith(f"Last question: {value}\nQuestion:")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD.replace("$a", "$b"), "uses $b, which is not declared"),
        (GOOD.replace('["a"]', '["a", "b"]'), "declares $b and does not use it"),
        (GOOD.replace("$a", "$a for $5"), "wanted $$ for a dollar sign"),
        (GOOD.replace('["a"]', '"a"'), "variables is 'a', wanted a list of names"),
        (GOOD.replace('["a"]', '["a", "a"]'), "wanted a list of names, each once"),
        (GOOD.replace('"Be brief."', "3"), "system is 3, wanted a text"),
        (GOOD.replace("system =", "sytem ="), "has sytem, wanted only"),
        (GOOD.replace('user = "Say $a"', ""), "has no user, wanted"),
        ("= 3", "is no TOML"),
    ],
)
def test_a_bad_file_is_refused_with_what_was_wanted(tmp_path: Path, text: str, told: str) -> None:
    assert told in refusal(write(tmp_path, text))


def test_a_dollar_sign_may_stand_in_a_prompt(tmp_path: Path) -> None:
    prompt = load_prompt(write(tmp_path, GOOD.replace("$a", "$a for $$5")))
    assert prompt.fill("user", a="it") == "Say it for $5"


def test_what_cannot_be_found_or_read_is_told(tmp_path: Path) -> None:
    assert "answer.v1, rewrite.v1" in refusal("answer.v99")
    assert "answer.v1" in refusal("../answer.v1")
    assert "cannot be read" in refusal(str(tmp_path / "none.toml"))
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    assert "not UTF-8" in refusal(str(tmp_path / "bytes.toml"))


def test_parts_must_have_what_they_will_be_filled_with(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    assert "user has $a, wanted $asked, $question" in refusal(path, user=("question", "asked"))
    assert "source has no variables, wanted $text" in refusal(path, source=("text",))
    assert load_prompt(path, {"user": ("a",), "system": (), "source": ()}).variables("user") == {"a"}


def test_filling_refuses_missing_and_unknown_values(tmp_path: Path) -> None:
    prompt = load_prompt(write(tmp_path, GOOD))
    with pytest.raises(PromptError, match=r"user was given no variables, wanted \$a"):
        prompt.fill("user")
    with pytest.raises(PromptError, match=r"was given \$a, \$b, wanted \$a"):
        prompt.fill("user", a=1, b=2)
    with pytest.raises(PromptError, match='no part "footer", wanted one of'):
        prompt.fill("footer")

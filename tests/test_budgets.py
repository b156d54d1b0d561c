"""Budgets on the tail: longest module, longest function, most positional parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULE_LINES = 300
FUNCTION_LINES = 40
POSITIONAL = 5

Function = ast.FunctionDef | ast.AsyncFunctionDef
FOLDERS = ("index", "rag", "prompts", "scripts")
MODULES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def _functions(tree: ast.AST) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _lines(function: Function) -> int:
    """Lines from `def` to the last statement, the docstring not counted."""
    body = function.body
    docstring = ast.get_docstring(function, clean=False) is not None
    skipped = (body[0].end_lineno or 0) - body[0].lineno + 1 if docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - skipped


def _positional(function: Function) -> int:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len(names[1:] if names[:1] in (["self"], ["cls"]) else names)


def test_there_is_something_to_measure() -> None:
    assert MODULES


def test_the_launcher_is_short() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) <= 10


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_budgets(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    over = []
    if (count := len(source.splitlines())) > MODULE_LINES:
        over.append(f"{count} lines, budget {MODULE_LINES}")
    for function in _functions(ast.parse(source)):
        if (count := _lines(function)) > FUNCTION_LINES:
            over.append(f"{function.name}: {count} lines, budget {FUNCTION_LINES}")
        if (count := _positional(function)) > POSITIONAL:
            over.append(f"{function.name}: {count} positional parameters, budget {POSITIONAL}")
    assert not over, "; ".join(over)

"""The wheel: our three packages and nothing else, with their templates, types and the command."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterable
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
NAMES = {"rag", "index", "prompts"}
CARRIED = {
    ".onnx",
    ".safetensors",
    ".py",
    ".toml",
    ".json",
    ".css",
    ".js",
    ".html",
    ".svg",
    ".png",
    ".txt",
    ".typed",
}


def test_nobody_else_brings_one_of_the_three_names() -> None:
    owners = metadata.packages_distributions()
    assert {owner for name in NAMES for owner in owners.get(name, [])} <= {"onrecord"}


def _undeclared(folders: Iterable[str], extras: Collection[str]) -> set[str]:
    """Top-level names that modules there import and that no declared dependency brings."""
    declared = set()
    for line in metadata.requires("onrecord") or ():
        wanted = Requirement(line)
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in extras):
            declared.add(canonicalize_name(wanted.name))
    owners = metadata.packages_distributions()
    own = {*NAMES, "benchmarks", "tests", *(path.stem for path in (ROOT / "scripts").glob("*.py"))}
    return {
        name
        for name in {name for folder in folders for name in _imported(ROOT / folder)} - own
        if not {canonicalize_name(owner) for owner in owners.get(name, [name])} & declared
    }


def _imported(folder: Path) -> set[str]:
    names = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names


def test_what_the_packages_import_is_declared() -> None:
    assert not _undeclared(NAMES, ("local",)), "add these to the dependencies in pyproject.toml"


def test_what_the_work_on_them_imports_is_declared() -> None:
    folders = ("tests", "scripts")
    assert not _undeclared(folders, ("dev",)), 'add these to the extra "dev" in pyproject.toml'


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree without an own build environment."""
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "--no-index"]
    subprocess.run([*build, "-w", str(out), str(ROOT)], check=True, cwd=out)
    (built,) = out.glob("onrecord-*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_holds_the_three_packages_and_their_files(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in held} == NAMES
    tracked = subprocess.run(
        ["git", "ls-files", *sorted(NAMES)], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    assert {name for name in tracked if (ROOT / name).exists()} <= held
    assert {Path(name).suffix for name in held} <= CARRIED
    assert {f"{name}/py.typed" for name in NAMES} <= held


@pytest.mark.slow
def test_the_wheel_carries_licence_and_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        about = {Path(name).name: name for name in archive.namelist() if ".dist-info/" in name}
        points = archive.read(about["entry_points.txt"]).decode()
        facts = archive.read(about["METADATA"]).decode()
    assert points.split() == ["[console_scripts]", "onrecord", "=", "rag.cli:main"]
    assert "License-Expression: Apache-2.0" in facts
    assert "LICENSE" in about


@pytest.mark.slow
def test_the_wheel_works_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    """Only the wheel is installed there; what it depends on is lent by this environment's folder."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-q", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True)
    site = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    lent = {str(Path(path)) for path in sys.path if path.endswith("site-packages")}
    run = (
        "import sys; from importlib.metadata import packages_distributions as owners; "
        f"assert all(owners()[name] == ['onrecord'] for name in {sorted(NAMES)!r}), owners(); "
        f"sys.path += {sorted(lent)!r}; import index, prompts, rag, rag.cli; "
        f"assert all(m.__file__.startswith({site!r}) for m in (index, prompts, rag)), rag.__file__; "
        "rag.cli.main(['--help'])"
    )
    told = subprocess.run([str(python), "-I", "-c", run], capture_output=True, text=True, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "Usage: onrecord" in told.stdout

"""One archive of the samples, made once, for the tests that ask it; and commands run in this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive
from rag.assistant import Assistant
from rag.cli import main

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over an archive of the sample articles."""
    with Archive.open(tmp_path_factory.mktemp("samples")) as archive:
        archive.ingest([SAMPLES])
        yield Assistant(archive)


class Outcome:
    """Exit code, stdout and stderr of one command."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def told(self) -> Any:
        """The JSON document on stdout."""
        return json.loads(self.out)

    def failed(self, *words: str, alone: bool = True) -> None:
        """Assert an expected failure: exit 1, nothing on stdout, one line that tells it with these words.

        With `alone` that line is all there is on stderr.
        """
        assert (self.code, self.out) == (1, ""), (self.code, self.out, self.err)
        lines = self.err.splitlines()
        failures = [line for line in lines if line.startswith("onrecord: ")]
        assert "unexpected" not in self.err
        assert any(all(word in line for word in words) for line in failures), self.err
        assert not alone or len(lines) == 1, self.err


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run a command in this process; its words may be of any type."""

    def call(*words: object) -> Outcome:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        out, err = capfd.readouterr()
        code = ended.value.code
        return Outcome(0 if code is None else int(code), out, err)

    return call

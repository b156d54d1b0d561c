"""What can be done with an answer: copy it, ask again, edit its question, ask on. Buttons, nothing else.

Pure. A button says what it does as a data attribute: `data-copy` (a kind of `rag.render.copied`), `data-redo`
("again", "edit"), `data-ask` (a question). Which answer it belongs to is told by where it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rag.render.copied import KINDS
from rag.render.markup import sanitise

_LABELS = {"again": "Ask again", "edit": "Edit the question"}
_DROPS = '<span class="drops">, dropping what follows</span>'


def acts_html() -> str:
    """The row under a finished answer. Asking anew drops what follows the question, and says so."""
    copies = "".join(
        f'<button type="button" data-copy="{kind}">{label}</button>' for kind, label in KINDS.items()
    )
    redone = "".join(
        f'<button type="button" data-redo="{kind}">{label}{_DROPS}</button>'
        for kind, label in _LABELS.items()
    )
    return sanitise(
        '<div class="acts"><div role="group" aria-label="Copy the answer with its citations">'
        f'{copies}</div><div class="redo" role="group" aria-label="Ask anew">{redone}</div></div>'
    )


def followups_html(questions: Sequence[str], turns: int, question: str) -> str:
    """Questions to ask on with, as buttons; empty without any.

    They belong under the answer to `question`, the last of `turns`: a script puts them there, if it still is.
    """
    buttons = "".join(
        f'<li><button type="button" class="example" data-ask="{escape(question)}" dir="auto">'
        f"{escape(question)}</button></li>"
        for question in questions
    )
    heading = '<h4 class="nearest">Also answered by these articles</h4>'
    place = f'data-turns="{turns}" data-question="{escape(question)}"'
    return sanitise(f'<div {place}>{heading}<ul class="examples">{buttons}</ul></div>') if buttons else ""

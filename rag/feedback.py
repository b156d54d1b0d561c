"""What a reader may say of an answer: thumbs, and why a thumb is down.

Pure. What a browser sends is read here, so that nothing else is ever kept.
"""

from __future__ import annotations

from rag.types import Feedback

REASONS = {
    "citation": "A citation does not support its sentence",
    "wrong": "Wrong person or date",
    "missed": "Did not answer, though the articles tell",
    "unfounded": "Answered, though the articles do not tell",
    "other": "Something else",
}
"""Why a thumb is down: the key that is kept, and the words that are shown."""
MAX_NOTE_CHARS = 500


def read_feedback(verdict: object, reason: object = "", note: object = "") -> Feedback:
    """The feedback as far as it is one; an unknown reason is "other", a long note is cut."""
    if verdict == "up":
        return Feedback("up")
    if verdict != "down":
        return Feedback()
    told = " ".join(str(note or "").split())[:MAX_NOTE_CHARS]
    return Feedback("down", str(reason) if reason in REASONS else "other", told)

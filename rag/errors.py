"""Expected failures of `rag`, under the tree of `index.errors`.

OnrecordError
├── SettingsError            a setting is unknown, misspelt or out of range
├── ModelError               a chat model is unknown or cannot be reached
└── StoredError              what was kept of conversations cannot be read or written
    └── UnknownConversation  no conversation has this id, or it is another's
"""

from index.errors import OnrecordError


class SettingsError(OnrecordError):
    """A setting is unknown, misspelt or out of range."""


class ModelError(OnrecordError):
    """A chat model is unknown or cannot be reached."""


class StoredError(OnrecordError):
    """What was kept of conversations cannot be read or written."""


class UnknownConversation(StoredError):
    """No conversation has this id, or it is another's."""

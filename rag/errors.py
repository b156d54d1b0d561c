"""Expected failures of `rag`, under the tree of `index.errors`.

OnrecordError
├── SettingsError   a setting is unknown, misspelt or out of range
└── ModelError      a chat model is unknown or cannot be reached
"""

from index.errors import OnrecordError


class SettingsError(OnrecordError):
    """A setting is unknown, misspelt or out of range."""


class ModelError(OnrecordError):
    """A chat model is unknown or cannot be reached."""

"""Versioned prompt templates. Knows nothing of the other packages."""

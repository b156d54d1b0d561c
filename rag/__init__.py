"""Questions in, cited answers out. Built on `index` and `prompts`; nothing below imports it."""

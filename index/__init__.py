"""Articles in, ranked passages out. Knows nothing of questions, chat models or settings files."""

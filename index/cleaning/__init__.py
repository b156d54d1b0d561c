"""Page furniture out of articles, with a map between the raw and the cleaned text: `clean`, and its steps."""

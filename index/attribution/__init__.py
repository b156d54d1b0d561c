"""Who said what, when, in one article: `attribute` finds it, the rest are its steps. Knows no archive."""

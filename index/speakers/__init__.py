"""Names of speakers over a whole archive: their spellings, and which are of one person or body."""

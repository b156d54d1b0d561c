"""Files, records, saved pages and zips as drafts of articles, by format; `index.load` chooses among them."""

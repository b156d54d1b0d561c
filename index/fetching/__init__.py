"""Articles from the web: checked addresses, polite requests, feeds and what is at the addresses they name."""

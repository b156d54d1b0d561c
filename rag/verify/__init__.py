"""Whether what a sentence cites bears it out: `verifier` puts the rules and the score together."""

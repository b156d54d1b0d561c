"""Days and periods as texts and pages write them: when an article was published, which time is meant."""

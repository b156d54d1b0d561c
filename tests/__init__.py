"""What several tests share is imported by its full name: `from tests.news import serving`."""

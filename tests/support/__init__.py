"""What several tests share: the database, settings for tests, the browser."""

"""Ground: what every room of the house stands on; it knows no room."""

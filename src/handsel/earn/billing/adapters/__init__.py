"""Outside systems that billing uses."""

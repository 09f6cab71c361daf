"""From stranger to qualified deal."""

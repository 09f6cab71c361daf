"""What fills the ports of earlier rooms with what later rooms know; plugged in by `wiring`."""

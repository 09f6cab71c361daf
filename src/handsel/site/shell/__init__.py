"""Frame, components and formats of every page."""

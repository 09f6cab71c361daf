"""What can be found out about a model before anybody sells by it."""

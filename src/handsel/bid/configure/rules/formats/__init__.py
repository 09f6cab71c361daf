"""Product models from and to files: one module a format."""

"""Pure rules of the configurator: importable without Django, a database or a clock."""

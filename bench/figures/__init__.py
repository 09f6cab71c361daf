"""The figures, one small module a family; `bench.registry.load` finds them by being here."""

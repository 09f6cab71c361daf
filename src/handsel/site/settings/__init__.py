"""Settings from the environment, and the checks that refuse unsafe ones."""

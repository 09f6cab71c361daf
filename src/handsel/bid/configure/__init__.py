"""The configurator: product models, the constraint engine, sessions and explanations."""

"""From need to priced offer."""

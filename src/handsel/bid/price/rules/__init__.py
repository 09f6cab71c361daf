"""The price engine: pure functions from a frozen context to priced lines with their waterfall."""

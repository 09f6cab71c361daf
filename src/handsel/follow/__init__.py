"""After the sale."""

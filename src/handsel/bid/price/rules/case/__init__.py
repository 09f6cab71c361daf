"""The written form of a pricing: context, rules and lines as JSON, and the answer."""

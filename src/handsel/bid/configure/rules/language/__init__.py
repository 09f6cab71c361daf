"""The model language: text to a product model and back."""

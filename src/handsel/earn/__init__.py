"""From delivery to money and books."""

"""The kernel: exact values and strict grammar, in pure Python."""

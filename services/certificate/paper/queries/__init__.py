"""The stock and its sheets."""

"""What the register answers to a check."""

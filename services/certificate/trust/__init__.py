"""What makes the register believable: its keys, its time stamps, the checks of its store."""

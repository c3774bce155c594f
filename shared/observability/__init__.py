"""What a service says of its own health: what waits, what is late, which of the parts it needs do not answer."""

"""A certificate gets its numbers; its version takes effect."""

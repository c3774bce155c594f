"""Keys written down, versions stamped, the store checked."""

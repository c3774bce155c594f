"""What who runs the system notices of it, measured with a container engine."""

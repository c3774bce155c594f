"""What is shown of agencies, and the public events by position."""

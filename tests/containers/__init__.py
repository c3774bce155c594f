"""The deployment tried out in containers: `python -m tests.containers`."""

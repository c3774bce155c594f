"""The composition root: what puts the services together, and the `kompeten` command. Nothing imports it but tests."""

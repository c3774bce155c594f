"""What decision encrypts at rest."""

from shared.security.encryption import Kind

MINUTES = Kind("decision", "minutes", was_clear=True)

"""What decision encrypts at rest."""

from shared.security.encryption import Kind

DOSSIER = Kind("decision", "dossier")
MINUTES = Kind("decision", "minutes", was_clear=True)

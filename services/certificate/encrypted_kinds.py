"""What certificate encrypts at rest, and what it opens that registration has encrypted."""

from shared.security.encryption import Kind

WEBHOOK = Kind("certificate", "webhook")
PHOTO = Kind("photos", "photo", was_clear=True)

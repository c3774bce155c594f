"""What registration encrypts at rest, and hashes with a key (UU 27/2022)."""

from shared.security.encryption import Kind

RING = "registration"
NIK = Kind(RING, "nik")
ADJUSTMENT = Kind(RING, "adjustment")
FACTOR = Kind(RING, "factor")
RECOVERY = Kind(RING, "recovery")
DEVICE = Kind(RING, "device")
EMAIL = Kind(RING, "email")
REGISTRATION = Kind(RING, "registration")
DOCUMENT = Kind(RING, "document")
PHOTO = Kind("photos", "photo", was_clear=True)
"""Photos for certificates are handed to certificate, which has their ring, too, and none of registration's others."""

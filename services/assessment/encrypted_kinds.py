"""What assessment encrypts at rest (UU 27/2022)."""

from shared.security.encryption import Kind

ADJUSTMENT = Kind("assessment", "adjustment")

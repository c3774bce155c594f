"""What surveillance encrypts at rest (UU 27/2022)."""

from shared.security.encryption import Kind

EVIDENCE = Kind("surveillance", "evidence")

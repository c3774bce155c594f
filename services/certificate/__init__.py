"""The certificate: ordered by a decision, numbered, made, signed, kept, checked by anybody, and its life (2.9)."""

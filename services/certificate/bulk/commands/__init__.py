"""The dry run of an act on many certificates, and its work."""

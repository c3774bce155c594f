"""Backups of databases and documents, sealed for whoever holds the private key (decision 94)."""

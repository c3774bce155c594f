"""Surveillance: a holder reports every year and is invited to renew before expiry (process 2.11, 2.12)."""

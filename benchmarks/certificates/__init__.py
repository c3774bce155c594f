"""Certificates per second, from decision to announced."""

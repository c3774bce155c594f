"""The demo: certifications from first to last, and what becomes of certificates, driven through the public HTTP API.

All people in it are "contoh".
"""

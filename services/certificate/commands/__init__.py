"""What certificate can be asked to do to an order or a certificate: `(session, ...)`, inside one transaction."""

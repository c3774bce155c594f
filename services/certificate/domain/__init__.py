"""Rules of the certificate: what it takes to get one, its numbers, its states, its time."""

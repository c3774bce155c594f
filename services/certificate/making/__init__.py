"""From a cleared order to a certificate: numbered, rendered, signed, stored, put in force."""

"""What is done with agencies and public events, inside one transaction."""

"""What is done with sheets, inside one transaction."""

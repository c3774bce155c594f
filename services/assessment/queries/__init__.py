"""What API and pages read: each audience sees of a case what it may."""

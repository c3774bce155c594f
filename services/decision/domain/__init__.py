"""Rules of the decision stage (process 2.8 to 2.10): pure, without framework or I/O."""

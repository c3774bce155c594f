"""Rules of the assessment stage (process 2.6 to 2.8): pure Python, no framework, no I/O."""

"""The rules of yearly surveillance and of recertification: pure Python, no framework, no I/O."""

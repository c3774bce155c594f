"""Acts on many certificates at once: a dry run, the chair's start, line by line, the report."""

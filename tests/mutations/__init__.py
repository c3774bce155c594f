"""Faults put into the code one at a time, and which of them the unit tests notice: a figure, and where to look.

mutmut makes the faults ("mutants") and runs the tests, in a copy of the working tree that is removed at the end. It
leaves decorated functions and what stands outside functions alone, so that properties and columns have no figure here.
"""

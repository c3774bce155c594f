"""The suite on other days and in other time zones: what passes today passes on any later day, wherever it is run.

`calendar.c` shows the processes a moved calendar (decision 96 says why not libfaketime); waits and durations keep the
machine's own clock. Servers that these tests did not start keep the real time: S3 refuses signatures of another day, so
parts that store there stay out.
"""

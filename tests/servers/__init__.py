"""The real servers that tests run against, and servers of their own that tests may break.

`python -m tests.servers up` makes PostgreSQL, RabbitMQ, an S3 server and Chromium available; the fixtures
of `tests.servers.fixtures` do the same on demand. Nothing here is imported by the software itself.
"""

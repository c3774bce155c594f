"""What the messaging promises (docs/messaging.md), one module per promise, on both stacks.

Every module tries to break its promise on PostgreSQL with RabbitMQ, and on SQLite with the broker in memory.
"""

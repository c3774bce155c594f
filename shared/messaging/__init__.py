"""Messaging: outbox, relay, inbox, jobs, timers. What it promises stands in docs/messaging.md.

A service declares what it takes part in (`shared.runtime.service.Service`); the runner makes the rest of it.

What the stages import (`outbox`, `reactions`, `copies`, `jobs`, `timers`, `models`), and `inbox`, know neither nameko
nor kombu. The edge does: `providers` and `entrypoint` (nameko), `thread_consumer` (the runner on threads, plain kombu),
`relay`, `topology`, `reading` and `rejected` (kombu).
"""

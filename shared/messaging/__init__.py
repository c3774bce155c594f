"""Messaging: outbox, relay, inbox, jobs, timers (architecture 2).

A service declares what it takes part in (`shared.runtime.service.Service`); the runner makes the rest of it.

`providers` and `entrypoint` (nameko), `relay` and `topology` (kombu) are the edge; what the stages themselves import
(`outbox`, `reactions`, `inbox`, `jobs`, `timers`, `models`) knows none of these libraries.
"""

"""Messaging: outbox, relay, inbox, jobs, timers (architecture 2).

A service's `service.py` declares what it takes part in, and nothing else:

    def application(database: Database) -> Application:
        return create_app("decision", database, ...)

    class DecisionService:
        name = "decision"
        database = DatabaseProvider()
        relay = RelayProvider()
        retries = RetryProvider(reactions)
        jobs = JobsProvider(jobs)
        timers = TimersProvider(timers)
        web = WebProvider(application)

        @subscribe(reactions)
        def react(self, bodies: list[bytes]) -> None:
            take_in(self.database, reactions, bodies)

`providers` and `entrypoint` (nameko), `relay` and `topology` (kombu) are the edge; what the stages themselves import
(`outbox`, `reactions`, `inbox`, `jobs`, `timers`, `models`) knows none of these libraries.
"""

"""What must be so when all is done: nothing waits, nothing is dead, nothing was lost, nothing was done twice."""

import time

from kompeten.services import NAMES, find_service
from tests.containers.claims import hold
from tests.containers.stack import Stack, settled


def check_finished(stack: Stack) -> None:
    """Nothing waits, nothing is dead, and every reader has every event it listens to, once."""
    left = settled(stack)
    hold(not left, f"nothing is left waiting or dead {left or ''}")
    waiting = in_queues(stack)
    for _ in range(20):  # a timer may tell something at any moment: what counts is that it is taken
        if not waiting:
            break
        time.sleep(0.5)
        waiting = in_queues(stack)
    hold(not waiting, f"the broker's queues are empty {waiting or ''}")
    told = [row for service in NAMES for row in stack.sql(service, "SELECT id, type FROM outbox")]
    lost = []
    handled = 0
    for service in NAMES:
        reactions = find_service(service).reactions
        types = set(reactions.types if reactions else ())
        seen = {event_id for (event_id,) in stack.sql(service, "SELECT event_id FROM inbox")}
        handled += len(seen)
        lost += [(service, kind) for event_id, kind in told if kind in types and event_id not in seen]
    hold(not lost, f"{len(told)} events told, {handled} times taken in by those who listen, none lost {lost or ''}")
    numbers = stack.sql("certificate", "SELECT number, count(*) FROM certificate GROUP BY number HAVING count(*) > 1")
    (count,) = stack.sql("certificate", "SELECT count(*) FROM certificate")[0]
    hold(not numbers, f"{count} certificates, none issued twice")


def in_queues(stack: Stack) -> dict[str, int]:
    """Messages that wait in each queue between the services."""
    return {name: messages for name, (messages, _) in stack.queues().items() if messages and "public" not in name}

"""How long to wait before something is tried again."""

import random

SPREAD = 0.2
"""By how much a pause may be longer: replicas that failed at one moment do not come back at one moment."""


def choose_growing_pause(tries: int, first: float, longest: float) -> float:
    """Seconds to wait after the `tries`-th failure: `first`, doubled with each failure, at most `longest`, and up to a
    fifth more by chance.
    """
    doubled = first * float(2 ** min(max(tries, 1) - 1, 30))
    return min(doubled, longest) * (1 + SPREAD * random.random())  # noqa: S311 - nothing secret

"""How a process of services ends: what is in hand is finished, but not for ever."""

import os
from types import ModuleType


def end_at_the_latest(seconds: float, threads: ModuleType) -> None:
    """End the process in `seconds`, whatever it hangs in (a broker that has gone, say).

    `threads` is the module `threading` with real threads in it, which wake also while an event loop stands still.
    Safe: what was not committed was not acknowledged either, and comes again.
    """
    timer = threads.Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()

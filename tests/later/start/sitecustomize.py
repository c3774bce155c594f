"""Read by every Python that starts with a moved calendar: libfaketime up to 0.9.10 takes its distance off the end of
`clock_nanosleep`, which is what `time.sleep` calls, and so refuses every sleep. A wait for nothing takes as long.
"""

import select
import time
from typing import SupportsIndex


def _sleep(seconds: float | SupportsIndex) -> None:
    seconds = float(seconds)
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = _sleep

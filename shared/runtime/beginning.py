"""What a process of services does once, before it takes its first request."""

import gc

from sqlalchemy.orm import configure_mappers


def settle_what_is_loaded() -> None:
    """Do now what the first request would wait for, each time for some tenths of a second.

    The mappers are told of each other, and what was loaded is never looked at again by the garbage collector.
    """
    configure_mappers()
    gc.collect()
    gc.freeze()

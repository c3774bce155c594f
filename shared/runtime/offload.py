"""Work for the processor, kept off the event loop: a busy loop is a heartbeat missed."""

import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def offload(fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The result of `fn(*args)`, run on a native thread where greenlets share this one, else called as it is.

    Worth it for work that releases the interpreter lock (rendering, hashing, TLS); raises what `fn` raises.
    """
    if "eventlet" not in sys.modules:
        return fn(*args, **kwargs)
    from eventlet import patcher, tpool

    if not patcher.is_monkey_patched("thread"):
        return fn(*args, **kwargs)
    result: R = tpool.execute(fn, *args, **kwargs)
    return result

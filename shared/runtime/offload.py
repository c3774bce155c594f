"""Work for the processor, kept off the event loop: a busy loop is a heartbeat missed."""

import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


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


def offload_within(seconds: float, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call `fn` as `offload` does and wait `seconds` at most; then raise TimeoutError and let the thread end unheard.

    For work on what strangers send: its size must be limited too, or threads pile up.
    """
    if "eventlet" in sys.modules:
        from eventlet import Timeout, patcher, tpool

        if patcher.is_monkey_patched("thread"):
            with Timeout(seconds, TimeoutError()):
                result: R = tpool.execute(fn, *args, **kwargs)
                return result
    threads = ThreadPoolExecutor(1)
    try:
        return threads.submit(fn, *args, **kwargs).result(seconds)
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def side_by_side(fn: Callable[[T], R], items: Sequence[T], at_once: int) -> list[R]:
    """`fn` of every item, up to `at_once` at a time, results in order; raises the first failure once all have ended.

    Greenlets where greenlets share this thread, native threads elsewhere. What is heavy inside `fn` offloads itself.
    """
    if len(items) < 2 or at_once < 2:
        return [fn(item) for item in items]
    if "eventlet" in sys.modules:
        from eventlet import GreenPool, patcher

        if patcher.is_monkey_patched("thread"):
            return _gathered(GreenPool(at_once).imap(_caught(fn), items))
    with ThreadPoolExecutor(at_once) as threads:
        return _gathered(threads.map(_caught(fn), items))


def _caught(fn: Callable[[T], R]) -> Callable[[T], tuple[R | None, Exception | None]]:
    def call(item: T) -> tuple[R | None, Exception | None]:
        try:
            return fn(item), None
        except Exception as error:
            return None, error

    return call


def _gathered(outcomes: Iterable[tuple[R | None, Exception | None]]) -> list[R]:
    done = list(outcomes)
    for _, error in done:
        if error is not None:
            raise error
    return [result for result, _ in done]  # type: ignore[misc]

"""Mistakes of ours while something of a person's is read: logged with their cause, and never called the sender's."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from shared.errors import N_, OurFault, Refusal, Unavailable
from shared.messaging.context import correlation_id

log = logging.getLogger(__name__)

UNREAD = N_(
    "Kami tidak dapat membaca berkas ini karena kesalahan pada sistem kami; berkas Anda tidak dinyatakan salah. "
    "Coba lagi; bila berulang, sampaikan nomor rujukan {reference} kepada LSP."
)


@contextmanager
def telling_own_faults(what: str, field: str = "file") -> Iterator[None]:
    """Let refusals of what is read inside the block pass; turn every other error into OurFault on `field`.

    What went wrong is logged with the place, never with the error's own words, which may quote what was sent.
    """
    try:
        yield
    except (Refusal, Unavailable):
        raise
    except Exception as error:
        log.error("%s failed by a mistake of ours, correlation %s: %s", what, correlation_id(), describe_fault(error))
        raise OurFault("file-unread", UNREAD, fields={field: UNREAD}, reference=correlation_id()) from error


def describe_fault(error: BaseException) -> str:
    """Return the kind of error, its causes, and where each happened, also in another process (`error.__notes__`)."""
    told = []
    cause: BaseException | None = error
    while cause is not None:
        frames = [f"  {one.filename}:{one.lineno} in {one.name}" for one in traceback.extract_tb(cause.__traceback__)]
        told.append("\n".join([type(cause).__name__, *frames, *getattr(cause, "__notes__", [])]))
        cause = cause.__cause__ or cause.__context__
    return "\nbecause of ".join(told)

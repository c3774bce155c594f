"""Forms with files as browsers send them: werkzeug's client for tests leaves the blank line out of an empty part."""

from typing import cast

from werkzeug.sansio.multipart import Data, Event, MultipartEncoder, State

_encode = MultipartEncoder.send_event


def encode_empty_parts_whole() -> None:
    """Have the client of tests write what RFC 7578 asks for, also for a field or file without content."""
    setattr(MultipartEncoder, "send_event", _send_event)  # noqa: B010 - assigned plainly, types refuse it


def _send_event(encoder: MultipartEncoder, event: Event) -> bytes:
    begins = encoder.state == State.DATA_START and isinstance(event, Data)
    written = _encode(encoder, event)
    return b"\r\n" + written if begins and not cast(Data, event).data else written

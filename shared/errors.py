"""Refusals: what the software says no to, each with a code for programs and a sentence that tells a person what to do.

Messages are Indonesian and translated at the edge; `params` fill their {placeholders}.
"""

from typing import Any


def N_(message: str) -> str:
    """Mark `message` for translation where it stands; it is translated when it is shown."""
    return message


class Unavailable(Exception):
    """What the work needs is away or unfit (a store, a key, a clock): nothing is wrong with the work, it waits."""


class Refusal(Exception):
    """Something asked for that cannot be done; nothing was changed.

    `code` is stable and for programs, `fields` maps a field's path (`work.0.since`) to what to mend there,
    `details` goes into the API's answer as it is.
    """

    status = 400

    def __init__(
        self,
        code: str,
        message: str,
        *,
        fields: dict[str, str] | None = None,
        details: dict[str, Any] | None = None,
        **params: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.fields = fields or {}
        self.details = details or {}
        self.params = params

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as it is: a refusal may come from another process."""
        return (type(self).__new__, (type(self), self.code), self.__dict__)

    def __str__(self) -> str:
        return self.message.format_map(self.params) if self.params else self.message


class Invalid(Refusal):
    """The input does not fit; `fields` says where and what to mend."""

    status = 422


class NotSignedIn(Refusal):
    """Nobody is signed in, or the token is not valid (any more)."""

    status = 401


def demand_sign_in() -> NotSignedIn:
    """Return the refusal of whoever is not signed in, wherever that is needed."""
    return NotSignedIn("not-signed-in", N_("Silakan masuk terlebih dahulu."))


class Forbidden(Refusal):
    """The role does not allow it."""

    status = 403


class NotFound(Refusal):
    """There is no such record, or it is somebody else's: the two look alike on purpose."""

    status = 404


class Conflict(Refusal):
    """The record is in a state that does not allow it, or it was changed or done in the meantime."""

    status = 409


class TooMany(Refusal):
    """Too many tries in a short time; `retry_after` in seconds is in the details."""

    status = 429


class OurFault(Refusal):
    """A mistake of ours kept us from doing it: nothing is wrong with what was sent. Logged where it is raised."""

    status = 500

"""What an alarm listens for: failed sign-ins, refusals, pauses and limits reached, each as one line of the log.

All go to the logger `kompeten.security` in one form: `event`, and what is known of `account` (its id), `subject` and
`network` (keyed marks: the same one is the same address, and nobody learns which), `service` and `route`. Never a name,
an address or what somebody typed (UU 27/2022). docs/operations/alarm.md lists the events, and rules to alarm by.
"""

import logging
from enum import StrEnum

log = logging.getLogger("kompeten.security")


class SecurityEvent(StrEnum):
    """What happened that an alarm listens for."""

    SIGN_IN_FAILED = "sign-in-failed"
    SIGN_IN_PAUSED = "sign-in-paused"
    ACCOUNT_PAUSED = "account-paused"
    PASSWORD_WRONG = "password-wrong"  # noqa: S105 - a word for what happened
    PASSWORD_PAUSED = "password-paused"  # noqa: S105
    SECOND_FACTOR_FAILED = "second-factor-failed"
    SECOND_FACTOR_PAUSED = "second-factor-paused"
    PASSKEY_CLONED = "passkey-cloned"
    REFUSED = "refused"
    LIMIT_REACHED = "limit-reached"


def note_security(
    event: SecurityEvent,
    *,
    account: str = "",
    subject: str = "",
    network: str = "",
    service: str = "",
    route: str = "",
) -> None:
    """Write the line. `account` is an id, `subject` and `network` are keyed marks, `route` is the
    rule of a view, not what was asked."""
    known = {
        "event": event.value,
        "account": account,
        "subject": subject,
        "network": network,
        "service": service,
        "route": route,
    }
    log.warning("security: %s", event.value, extra={"security": {name: text for name, text in known.items() if text}})

"""Who tells what: the service that a fact's type names, and in whose name nobody else may tell it."""

TELLERS = ("registration", "assessment", "decision", "certificate", "surveillance", "notification")
"""The services that have keys of their own to tell and to be told with."""
_TELLS_FOR_OTHERS = {"public": "certificate"}
"""Facts for other agencies are told by the certificate service."""


def teller_of(fact_type: str) -> str:
    """The service that tells facts of type `id.kompeten.<service>.<fact>.v<n>`; empty when it is no such type."""
    parts = fact_type.split(".", 3)
    if len(parts) != 4 or parts[:2] != ["id", "kompeten"]:
        return ""
    return _TELLS_FOR_OTHERS.get(parts[2], parts[2])


def source_of(fact_type: str) -> str:
    """What stands in the `source` of such an event: `/<service>`; empty when it is no such type."""
    parts = fact_type.split(".", 3)
    return f"/{parts[2]}" if len(parts) == 4 else ""

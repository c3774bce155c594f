"""What signed status lists say of one version, for who was given them."""

from collections.abc import Callable
from datetime import datetime

from shared.credentials import form, proof, statuslist
from shared.credentials.did import Issuer
from shared.credentials.quads import canonical_quads
from shared.credentials.statuslist import Purpose
from shared.credentials.verification import Standing, StatusUnknown


def read_listed_bits(text: bytes, where: str, purpose: Purpose, issuer: Issuer, at: datetime) -> bytes:
    """The bits of the status list `text`, fetched from `where`.

    Raises StatusUnknown unless `issuer` signed it, for that address and `purpose`, and it holds at `at`.
    """
    try:
        content, signed = form.parse_status_list(text)
        genuine = proof.proof_holds(canonical_quads(statuslist.status_list_statements(content)), signed)
        bits = statuslist.decode_bits(content["credentialSubject"]["encodedList"])
    except ValueError as error:
        raise StatusUnknown("the status list is not of the form issued here") from error
    if not genuine or content["issuer"] != issuer.id or proof.key_of_proof(signed).id not in issuer.keys:
        raise StatusUnknown("the status list is not signed by the issuer")
    if content["id"] != where or content["credentialSubject"]["statusPurpose"] != purpose.value:
        raise StatusUnknown("the status list is another one")
    begin, end = (datetime.fromisoformat(content[name]) for name in ("validFrom", "validUntil"))
    if not begin <= at <= end:
        raise StatusUnknown("the status list is out of date")
    return bits


def find_standing(
    base: str, index: int, fetch: Callable[[str], bytes], issuer: Issuer, clock: Callable[[], datetime]
) -> Standing:
    """Whether version `index` is good, suspended or revoked, by the two status lists below `base`.

    `fetch` gets what is at an address. Raises StatusUnknown, and what `fetch` raises.

    Revoked outweighs suspended: it is for good. The clock is looked at after each list has come.
    """
    number, bit = statuslist.place_of_version(index)
    for purpose, means in ((Purpose.REVOCATION, Standing.REVOKED), (Purpose.SUSPENSION, Standing.SUSPENDED)):
        where = statuslist.status_list_address(base, number, purpose)
        if statuslist.is_bit_set(read_listed_bits(fetch(where), where, purpose, issuer, clock()), bit):
            return means
    return Standing.GOOD

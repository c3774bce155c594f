"""The exact form of the credentials issued here: what has a part more, a part less or a part twice is none of ours."""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shared.credentials import did, statuslist
from shared.credentials.claims import base_of_check_url

MOST_BYTES = 400_000
"""The longest credential read, in bytes; a status list with every second bit set takes about 25,000."""

Text = Annotated[str, StringConstraints(max_length=2_000)]
Address = Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[!-~]+$")]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
Did = Annotated[str, StringConstraints(max_length=300, pattern=r"^did:web:[A-Za-z0-9.%_-]+(:[A-Za-z0-9._-]+)*$")]
Base58 = r"[1-9A-HJ-NP-Za-km-z]"


class Form(BaseModel):
    """A part of a credential: no field more, none less, and unchangeable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Proof(Form):
    """A data integrity proof with `eddsa-rdfc-2022`; the key is named by its own value."""

    type: Literal["DataIntegrityProof"]
    cryptosuite: Literal["eddsa-rdfc-2022"]
    created: Moment
    verificationMethod: Annotated[
        str, StringConstraints(max_length=400, pattern=rf"^did:web:[!-~]+#z6Mk{Base58}{{44}}$")
    ]
    proofPurpose: Literal["assertionMethod"]
    proofValue: Annotated[str, StringConstraints(pattern=rf"^z{Base58}{{64,88}}$")]


class Profile(Form):
    """The certification body as issuer."""

    id: Did
    type: tuple[Literal["Profile"]]
    name: Text
    url: Address


class Identity(Form):
    """The holder, by name and nothing else (domain handbook 8)."""

    type: Literal["IdentityObject"]
    hashed: Annotated[bool, Field(strict=True)]
    identityHash: Text
    identityType: Literal["name"]


class Criteria(Form):
    """What had to be shown."""

    narrative: Text


class Alignment(Form):
    """One unit of competency with its standard."""

    type: tuple[Literal["Alignment"]]
    targetCode: Text
    targetName: Text
    targetFramework: Text
    targetUrl: Address


class Achievement(Form):
    """The scheme in the version the certificate was issued under, with the units it covers."""

    id: Address
    type: tuple[Literal["Achievement"]]
    achievementType: Literal["Certification"]
    name: Text
    description: Text
    criteria: Criteria
    fieldOfStudy: Text
    inLanguage: Literal["id"]
    version: Text
    alignment: Annotated[tuple[Alignment, ...], Field(min_length=1, max_length=200)]


class Subject(Form):
    """What is said of the holder: the certificate's number and the scheme achieved."""

    type: tuple[Literal["AchievementSubject"]]
    identifier: tuple[Identity]
    licenseNumber: Text
    achievement: Achievement


class Status(Form):
    """Where in a status list the bit of this version stands."""

    id: Address
    type: Literal["BitstringStatusListEntry"]
    statusPurpose: statuslist.Purpose
    statusListIndex: Annotated[str, StringConstraints(pattern=r"^(0|[1-9]\d{0,5})$")]
    statusListCredential: Address


class Badge(Form):
    """A certificate as Open Badges 3.0 credential."""

    context: tuple[
        Literal["https://www.w3.org/ns/credentials/v2"],
        Literal["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    ] = Field(alias="@context")
    id: Address
    type: tuple[Literal["VerifiableCredential"], Literal["OpenBadgeCredential"]]
    issuer: Profile
    validFrom: Moment
    validUntil: Moment
    name: Text
    credentialSubject: Subject
    credentialStatus: tuple[Status, Status]
    proof: Proof


class Bits(Form):
    """The bits of a status list, packed."""

    id: Address
    type: Literal["BitstringStatusList"]
    statusPurpose: statuslist.Purpose
    encodedList: Annotated[str, StringConstraints(max_length=MOST_BYTES, pattern=r"^u[A-Za-z0-9_-]+$")]


class StatusList(Form):
    """A Bitstring Status List credential."""

    context: tuple[Literal["https://www.w3.org/ns/credentials/v2"]] = Field(alias="@context")
    id: Address
    type: tuple[Literal["VerifiableCredential"], Literal["BitstringStatusListCredential"]]
    issuer: Did
    validFrom: Moment
    validUntil: Moment
    credentialSubject: Bits
    proof: Proof


def parse_badge(text: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The content of a certificate's credential, and its proof apart; nothing in it is believed yet.

    Raises ValueError for anything that has not exactly the form issued here.
    """
    content, proof = _read(text, Badge)
    base = base_of_check_url(content["id"])
    _index_of(content, base)
    if content["issuer"]["id"] != did.did_of(base) or content["credentialSubject"]["identifier"][0]["hashed"]:
        raise ValueError("not the form issued here")
    _same_issuer(proof, content["issuer"]["id"])
    return content, proof


def parse_status_list(text: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The content of a status list's credential, and its proof apart. Raises ValueError for any other form."""
    content, proof = _read(text, StatusList)
    _same_issuer(proof, content["issuer"])
    if content["credentialSubject"]["id"] != f"{content['id']}#list":
        raise ValueError("not the form issued here")
    return content, proof


def status_index(content: dict[str, Any]) -> int:
    """The index (from 0) of the version that a badge's status entries are of. Raises ValueError when they disagree."""
    return _index_of(content, base_of_check_url(content["id"]))


def _index_of(content: dict[str, Any], base: str) -> int:
    first = content["credentialStatus"][0]
    number = first["statusListCredential"].removeprefix(f"{base}/status/").partition("/")[0]
    if not number.isascii() or not number.isdigit() or len(number) > 6:
        raise ValueError("not the form issued here")
    index = statuslist.version_at_place(int(number), int(first["statusListIndex"]))
    if content["credentialStatus"] != [statuslist.status_entry(base, index, purpose) for purpose in statuslist.Purpose]:
        raise ValueError("not the form issued here")
    return index


def _same_issuer(proof: dict[str, Any], issuer: str) -> None:
    if proof["verificationMethod"].partition("#")[0] != issuer:
        raise ValueError("not the form issued here")


# The dict that was parsed is returned, not the model: a signature is over the text as it stands, not as we write it.
def _read(text: bytes, form: type[Form]) -> tuple[dict[str, Any], dict[str, Any]]:
    if len(text) > MOST_BYTES:
        raise ValueError("too large for a credential")
    try:
        content = json.loads(text, object_pairs_hook=_once)
        form.model_validate(content)
    except (ValidationError, RecursionError) as error:
        raise ValueError("not the form issued here") from error
    return {name: value for name, value in content.items() if name != "proof"}, content["proof"]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object without repeated names: readers differ in which of two they take. Raises ValueError."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name given twice")
    return found

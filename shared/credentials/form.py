"""The exact form of the credentials issued here: what has a part more, a part less or a part twice is none of ours."""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shared.credentials import did, statuslist
from shared.credentials.claims import base_of_check_url

MOST_BYTES = 400_000
"""Of any credential as text: a status list with every second bit set takes about 25,000."""

Text = Annotated[str, StringConstraints(max_length=2_000)]
Address = Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[!-~]+$")]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
Did = Annotated[str, StringConstraints(max_length=300, pattern=r"^did:web:[A-Za-z0-9.%_-]+(:[A-Za-z0-9._-]+)*$")]
Base58 = r"[1-9A-HJ-NP-Za-km-z]"


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Proof(Form):
    type: Literal["DataIntegrityProof"]
    cryptosuite: Literal["eddsa-rdfc-2022"]
    created: Moment
    verificationMethod: Annotated[
        str, StringConstraints(max_length=400, pattern=rf"^did:web:[!-~]+#z6Mk{Base58}{{44}}$")
    ]
    proofPurpose: Literal["assertionMethod"]
    proofValue: Annotated[str, StringConstraints(pattern=rf"^z{Base58}{{64,88}}$")]


class Profile(Form):
    id: Did
    type: tuple[Literal["Profile"]]
    name: Text
    url: Address


class Identity(Form):
    type: Literal["IdentityObject"]
    hashed: Annotated[bool, Field(strict=True)]
    identityHash: Text
    identityType: Literal["name"]


class Criteria(Form):
    narrative: Text


class Alignment(Form):
    type: tuple[Literal["Alignment"]]
    targetCode: Text
    targetName: Text
    targetFramework: Text
    targetUrl: Address


class Achievement(Form):
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
    type: tuple[Literal["AchievementSubject"]]
    identifier: tuple[Identity]
    licenseNumber: Text
    achievement: Achievement


class Status(Form):
    id: Address
    type: Literal["BitstringStatusListEntry"]
    statusPurpose: statuslist.Purpose
    statusListIndex: Annotated[str, StringConstraints(pattern=r"^(0|[1-9]\d{0,5})$")]
    statusListCredential: Address


class Badge(Form):
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
    id: Address
    type: Literal["BitstringStatusList"]
    statusPurpose: statuslist.Purpose
    encodedList: Annotated[str, StringConstraints(max_length=MOST_BYTES, pattern=r"^u[A-Za-z0-9_-]+$")]


class StatusList(Form):
    context: tuple[Literal["https://www.w3.org/ns/credentials/v2"]] = Field(alias="@context")
    id: Address
    type: tuple[Literal["VerifiableCredential"], Literal["BitstringStatusListCredential"]]
    issuer: Did
    validFrom: Moment
    validUntil: Moment
    credentialSubject: Bits
    proof: Proof


def parse_badge(text: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """A certificate's credential, and its proof apart. Raises ValueError; nothing in it is believed yet."""
    content, proof = _read(text, Badge)
    base = base_of_check_url(content["id"])
    _index_of(content, base)
    if content["issuer"]["id"] != did.did_of(base) or content["credentialSubject"]["identifier"][0]["hashed"]:
        raise ValueError("not the form issued here")
    _same_issuer(proof, content["issuer"]["id"])
    return content, proof


def parse_status_list(text: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """A status list's credential, and its proof apart. Raises ValueError."""
    content, proof = _read(text, StatusList)
    _same_issuer(proof, content["issuer"])
    if content["credentialSubject"]["id"] != f"{content['id']}#list":
        raise ValueError("not the form issued here")
    return content, proof


def status_index(content: dict[str, Any]) -> int:
    """Which version a badge's status entries are of."""
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
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name given twice")
    return found

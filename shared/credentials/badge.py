"""A certificate as an Open Badges 3.0 credential (W3C Verifiable Credentials 2.0), made and read back.

The document is written from one form and canonicalised by rules of our own, so that neither signing nor checking needs
a JSON-LD library or anything from the network: what has any other form is none of ours.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from shared.clock import JAKARTA
from shared.credentials import did, proof, statuslist
from shared.credentials.claims import Claims, Unit
from shared.credentials.keys import CredentialKey
from shared.credentials.proof import DATE_TIME, TYPE, proof_time
from shared.credentials.quads import Quad, canonical_quads, rdf_iri, rdf_literal

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
CREDENTIALS = "https://www.w3.org/2018/credentials#"
BADGES = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
SCHEMA = "https://schema.org/"
STATUS = "https://www.w3.org/ns/credentials/status#"
ADDRESS = "https://www.w3.org/2001/XMLSchema#anyURI"
BOOLEAN = "https://www.w3.org/2001/XMLSchema#boolean"
"""With https: so the context of Open Badges writes the data types."""


def issue_badge(claims: Claims, key: CredentialKey, at: datetime) -> str:
    """The signed credential as JSON; the same claims, key and time give the same text.

    Raises ValueError for text that cannot be signed (control characters), or units given twice.
    """
    content = badge_document(claims)
    signed = {
        **content,
        "proof": proof.make_proof(canonical_quads(badge_statements(content)), content["issuer"]["id"], key, at),
    }
    return json.dumps(signed, ensure_ascii=False, separators=(",", ":"))


def badge_document(claims: Claims) -> dict[str, Any]:
    """The credential of one version of a certificate, without its proof."""
    return {
        "@context": CONTEXTS,
        "id": claims.check_url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {
            "id": did.did_of(claims.base),
            "type": ["Profile"],
            "name": claims.issuer_name,
            "url": f"{claims.base}/check",
        },
        "validFrom": proof_time(_midnight(claims.issued_on)),
        "validUntil": proof_time(_midnight(claims.expires_on + timedelta(days=1)) - timedelta(seconds=1)),
        "name": f"Sertifikat Kompetensi: {claims.scheme.id} / Certificate of Competence: {claims.scheme.en}",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": claims.holder_name,
                    "identityType": "name",
                }
            ],
            "licenseNumber": claims.number,
            "achievement": _achievement(claims),
        },
        "credentialStatus": [
            statuslist.status_entry(claims.base, claims.status_index, purpose) for purpose in statuslist.Purpose
        ],
    }


def _achievement(claims: Claims) -> dict[str, Any]:
    return {
        "id": claims.scheme_url,
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": claims.scheme.both,
        "description": f"Skema sertifikasi bidang {claims.field.id}. / Certification scheme in {claims.field.en}.",
        "criteria": {
            "narrative": f"Kompeten pada semua unit di bawah ini menurut {claims.standard}. "
            f"/ Competent in all units below according to {claims.standard}."
        },
        "fieldOfStudy": claims.field.both,
        "inLanguage": "id",
        "version": claims.scheme_version,
        "alignment": [_alignment(claims, unit) for unit in claims.units],
    }


def _alignment(claims: Claims, unit: Unit) -> dict[str, Any]:
    return {
        "type": ["Alignment"],
        "targetCode": unit.code,
        "targetName": unit.title.both,
        "targetFramework": claims.standard,
        "targetUrl": f"{claims.scheme_url}#{unit.code}",
    }


def _midnight(day: date) -> datetime:
    """When the day begins in Jakarta."""
    return datetime.combine(day, time(), JAKARTA)


def badge_statements(content: dict[str, Any]) -> Iterator[Quad]:
    """What a credential of this form says, as RDF statements; its proof is left out.

    Written after the contexts of CONTEXTS: a field added to the document must be added here, or nothing signs it.
    """
    me, issuer, subject = rdf_iri(content["id"]), content["issuer"], content["credentialSubject"]
    body = rdf_iri(issuer["id"])
    yield me, TYPE, f"<{CREDENTIALS}VerifiableCredential>"
    yield me, TYPE, f"<{BADGES}OpenBadgeCredential>"
    yield me, f"<{CREDENTIALS}issuer>", body
    yield me, f"<{CREDENTIALS}validFrom>", rdf_literal(content["validFrom"], DATE_TIME)
    yield me, f"<{CREDENTIALS}validUntil>", rdf_literal(content["validUntil"], DATE_TIME)
    yield me, f"<{SCHEMA}name>", rdf_literal(content["name"])
    yield body, TYPE, f"<{BADGES}Profile>"
    yield body, f"<{SCHEMA}name>", rdf_literal(issuer["name"])
    yield body, f"<{SCHEMA}url>", rdf_literal(issuer["url"], ADDRESS)
    yield me, f"<{CREDENTIALS}credentialSubject>", "_:subject"
    yield from _of_subject(subject)
    for status in content["credentialStatus"]:
        yield me, f"<{CREDENTIALS}credentialStatus>", rdf_iri(status["id"])
        yield from _of_status(status)


def _of_subject(subject: dict[str, Any]) -> Iterator[Quad]:
    yield "_:subject", TYPE, f"<{BADGES}AchievementSubject>"
    yield "_:subject", f"<{BADGES}licenseNumber>", rdf_literal(subject["licenseNumber"])
    yield "_:subject", f"<{BADGES}achievement>", rdf_iri(subject["achievement"]["id"])
    for place, identity in enumerate(subject["identifier"]):
        node = f"_:identity{place}"
        yield "_:subject", f"<{BADGES}identifier>", node
        yield node, TYPE, f"<{BADGES}IdentityObject>"
        yield node, f"<{BADGES}hashed>", rdf_literal("false", BOOLEAN)
        yield node, f"<{BADGES}identityHash>", rdf_literal(identity["identityHash"])
        yield node, f"<{BADGES}identityType>", rdf_literal(identity["identityType"])
    yield from _of_achievement(subject["achievement"])


def _of_achievement(achievement: dict[str, Any]) -> Iterator[Quad]:
    scheme = rdf_iri(achievement["id"])
    yield scheme, TYPE, f"<{BADGES}Achievement>"
    for term in ("achievementType", "fieldOfStudy", "version"):
        yield scheme, f"<{BADGES}{term}>", rdf_literal(achievement[term])
    for term in ("name", "description", "inLanguage"):
        yield scheme, f"<{SCHEMA}{term}>", rdf_literal(achievement[term])
    yield scheme, f"<{BADGES}Criteria>", "_:criteria"
    yield "_:criteria", f"<{BADGES}narrative>", rdf_literal(achievement["criteria"]["narrative"])
    for place, unit in enumerate(achievement["alignment"]):
        node = f"_:unit{place}"
        yield scheme, f"<{BADGES}alignment>", node
        yield node, TYPE, f"<{SCHEMA}AlignmentObject>"
        yield node, f"<{BADGES}targetCode>", rdf_literal(unit["targetCode"])
        yield node, f"<{SCHEMA}targetName>", rdf_literal(unit["targetName"])
        yield node, f"<{SCHEMA}targetFramework>", rdf_literal(unit["targetFramework"])
        yield node, f"<{SCHEMA}targetUrl>", rdf_literal(unit["targetUrl"], ADDRESS)


def _of_status(status: dict[str, Any]) -> Iterator[Quad]:
    node = rdf_iri(status["id"])
    yield node, TYPE, f"<{STATUS}BitstringStatusListEntry>"
    yield node, f"<{STATUS}statusPurpose>", rdf_literal(status["statusPurpose"])
    yield node, f"<{STATUS}statusListIndex>", rdf_literal(status["statusListIndex"])
    yield node, f"<{STATUS}statusListCredential>", rdf_iri(status["statusListCredential"])

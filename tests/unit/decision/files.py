"""Files as applicants submit them and records of the day, with the hashes they are told with."""

import json
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from shared import clock
from shared.contracts.assessment import AssessmentRecommended
from shared.contracts.registration import ElementClaim, EvidenceDocument, SelfAssessmentSubmitted
from shared.contracts.words import Judgement
from shared.security.sealing import seal_field
from tests.unit.decision.scene import CANDIDATE, UNITS, VERIFIER

DIPLOMA = UUID("11111111-2222-4333-8444-555555555555")


def describe_file(application_id: UUID, **changes: Any) -> dict[str, Any]:
    """The whole file, as registration hashes it."""
    return {
        "application_id": str(application_id),
        "applicant_id": str(CANDIDATE.id),
        "scheme": {"id": "pengatalogan-deskriptif", "version": "2026.1"},
        "round": 1,
        "path": "a",
        "verifier_id": str(VERIFIER.id),
        "renews": None,
        "form": {
            "personal": {"name": "ASESI (CONTOH)", "birth_place": "Bogor", "birth_date": "1990-05-05", "sex": "P"},
            "education": [{"level": "S1", "field": "Ilmu perpustakaan", "institution": "Universitas contoh"}],
            "work": [{"employer": "Perpustakaan contoh", "position": "Pustakawan", "since": "2018-01-01"}],
        },
        "nik_index": "ab" * 32,
        "adjustment_index": "cd" * 32,
        "documents": [
            {"id": str(DIPLOMA), "kind": "diploma", "title": "Ijazah (contoh)", "sha256": "e" * 64, "size": 120_000}
        ],
        "claims": [
            {"unit": UNITS[0], "element": "1", "claim": "K", "evidence": [str(DIPLOMA)], "note": "Tiga tahun (contoh)"},
            {"unit": UNITS[1], "element": "1", "claim": "K", "evidence": [], "note": ""},
        ],
        "signature": "Asesi (contoh)",
        "submitted_at": "2026-02-01T03:00:00+00:00",
        **changes,
    }


def submitted(application_id: UUID, content: dict[str, Any] | None = None, **changes: Any) -> SelfAssessmentSubmitted:
    """The fact, with content and hash that fit."""
    file = content or describe_file(application_id)
    text = write_json(file)
    known: dict[str, Any] = {
        "application_id": application_id,
        "applicant_id": CANDIDATE.id,
        "scheme_id": "pengatalogan-deskriptif",
        "scheme_version": "2026.1",
        "scheme_title": "Pelaksanaan Pengatalogan Deskriptif",
        "applicant_name": CANDIDATE.name,
        "round": 1,
        "verifier_id": VERIFIER.id,
        "units": list(UNITS),
        "claims": [ElementClaim(unit=UNITS[0], element="1", claim=Judgement.K, evidence=[DIPLOMA], note="")],
        "documents": [
            EvidenceDocument(
                document_id=DIPLOMA,
                kind="diploma",
                title="Ijazah (contoh)",
                sha256="e" * 64,
                path=f"/registration/documents/{DIPLOMA}",
                active_content=["script"],
            )
        ],
        "adjustment_note": "",
        "submitted_at": clock.now(),
        "file_hash": hash_text(text),
        "renews": None,
        "file": seal_field(SelfAssessmentSubmitted, "file", text),
        "nik_shown": seal_field(SelfAssessmentSubmitted, "nik_shown", "3175********0001"),
    }
    return SelfAssessmentSubmitted(**{**known, **changes})


def describe_record(file_hash: str, **changes: Any) -> dict[str, Any]:
    """What the assessor planned and found, as assessment hashes it: the second unit differs from its record."""
    return {
        "case_id": str(uuid4()),
        "file_hash": file_hash,
        "checks": [
            {
                "document_id": str(DIPLOMA),
                "valid": True,
                "authentic": False,
                "current": True,
                "sufficient": True,
                "note": "Belum dilegalisasi (contoh)",
            }
        ],
        "plan": [
            {"unit": unit, "approach": "Asesmen langsung (contoh)", "methods": ["demonstration"], "tools": ["IA.01"]}
            for unit in UNITS[:2]
        ],
        "checklist": {"ktp": "present"},
        "judgements": {UNITS[0]: {"demonstration": "K"}, UNITS[1]: {"demonstration": "BK"}},
        "further_evidence": [{"unit": UNITS[1], "title": "Lembar kerja (contoh)", "note": "Dibuat di tempat"}],
        "units": [
            {"unit": UNITS[0], "judgement": "K", "note": ""},
            {"unit": UNITS[1], "judgement": "K", "note": "Ditunjukkan pada wawancara (contoh)"},
        ],
        "note": "Bukti mencukupi (contoh)",
        "recommended_at": "2026-03-02T08:00:00Z",
        **changes,
    }


def content_of_record(file_hash: str, **changes: Any) -> dict[str, Any]:
    """The fields of `AssessmentRecommended` that tell the record, for `recommended(...)`."""
    text = write_json(describe_record(file_hash, **changes))
    return {
        "file_hash": file_hash,
        "record_hash": hash_text(text),
        "record": seal_field(AssessmentRecommended, "record", text),
    }


def write_json(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_text(text: str) -> str:
    return sha256(text.encode()).hexdigest()

"""The hash that seals a record keeps its bytes: a decision names it for ever (R12)."""

from datetime import UTC, datetime
from uuid import UUID

from services.assessment.commands.theday import hash_record
from services.assessment.models import Case, Consultation, DayRecord, File

KNOWN = "ddf1e4ff190dea13324b0a6caadfbd3cb46872ffa85998ba38b3763bf108b447"


def test_the_same_record_seals_to_the_bytes_it_always_had() -> None:
    case = Case(
        id=UUID(int=1),
        assessor_id=UUID(int=2),
        file=File(file_hash="a" * 64),
        consultations=[
            Consultation(
                number=1,
                checks=[
                    {
                        "document_id": str(UUID(int=3)),
                        "valid": True,
                        "authentic": True,
                        "current": True,
                        "sufficient": False,
                        "note": "Bawa ijazah asli",
                    }
                ],
                plan=[{"unit": "U.1", "approach": "Portofolio", "methods": ["interview"], "tools": ["Daftar tanya"]}],
            )
        ],
    )
    record = DayRecord(
        checklist={"diploma": "present", "functional_decree": "not_applicable"},
        judgements={"U.1": {"interview": "K"}},
        further_evidence=[{"unit": "U.1", "title": "Katalog “kartu”", "note": ""}],
        units=[{"unit": "U.1", "judgement": "K", "note": ""}],
        note="",
        recommended_at=datetime(2026, 3, 2, 6, 30, 15, 250000, UTC),
    )
    assert hash_record(case, record) == KNOWN

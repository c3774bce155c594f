"""The hash that seals a record keeps its bytes: a decision names it for ever (R12)."""

from datetime import UTC, datetime
from uuid import UUID

from services.assessment.commands.theday import hash_record
from services.assessment.domain.paperfile import Tick
from services.assessment.models import Case, Consultation, DayRecord, File
from services.assessment.models.contents import KeptCheck, KeptEvidence, KeptRecommendation, KeptUnitPlan
from shared.contracts.words import Judgement

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
                    KeptCheck(
                        document_id=UUID(int=3),
                        valid=True,
                        authentic=True,
                        current=True,
                        sufficient=False,
                        note="Bawa ijazah asli",
                    )
                ],
                plan=[KeptUnitPlan(unit="U.1", approach="Portofolio", methods=["interview"], tools=["Daftar tanya"])],
            )
        ],
    )
    record = DayRecord(
        checklist={"diploma": Tick.PRESENT, "functional_decree": Tick.NOT_APPLICABLE},
        judgements={"U.1": {"interview": Judgement.K}},
        further_evidence=[KeptEvidence(unit="U.1", title="Katalog “kartu”", note="")],
        units=[KeptRecommendation(unit="U.1", judgement=Judgement.K, note="")],
        note="",
        recommended_at=datetime(2026, 3, 2, 6, 30, 15, 250000, UTC),
    )
    assert hash_record(case, record) == KNOWN

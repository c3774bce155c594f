"""The frozen file keeps its bytes: what was hashed years ago must hash the same today (R12)."""

from datetime import UTC, date, datetime
from uuid import UUID

from services.decision.commands.dossier import build_decision_file
from services.decision.commands.loading import Hearing
from services.decision.domain.freezing import hash_text, write_canonical_json
from services.decision.models import Decision, DecisionCase, Meeting, MeetingMember, OpinionRow, Recommendation, Recusal
from shared.contracts.words import Judgement

K, BK = Judgement.K, Judgement.BK
KNOWN = "47b5519ca5a3f46b29ac0e8d2a3c87e2da70507c0433e9abd088cd2faba22fbf"


def one(number: int) -> UUID:
    return UUID(int=number)


def moment(hour: int) -> datetime:
    return datetime(2026, 3, 2, hour, 30, 15, 250000, UTC)


CASE = DecisionCase(
    id=one(1),
    applicant_id=one(2),
    applicant_name="SITI RAHMA (contoh)",
    scheme_id="pengatalogan-deskriptif",
    scheme_version="2026.1",
    scheme_title="Pelaksanaan Pengatalogan “Deskriptif”",
    renews=None,
    attempt=1,
    standing={"U.1": K, "U.2": BK},
)
MEETING = Meeting(id=one(3), at=moment(2), place="Ruang Rapat (contoh)", opened_at=moment(3), quorum=3)
MEMBERS = [
    MeetingMember(meeting_id=one(3), account_id=one(4), name="Ketua (contoh)", office="chair", present=True),
    MeetingMember(meeting_id=one(3), account_id=one(5), name="Mutu", office="head_of_quality_control", present=False),
]
RECOMMENDED = [
    Recommendation(
        case_id=one(1),
        attempt=attempt,
        assessment_id=one(10 + attempt),
        units=units,
        assessor_id=one(6),
        assessor_name="Asesor (contoh)",
        verifier_id=one(7),
        assessed_on=date(2026, 2, 1 + attempt),
        place="TUK (contoh)",
        note="Bukti mencukupi",
        file_hash="a" * 64,
        record_hash="b" * 64,
    )
    for attempt, units in enumerate([{"U.1": K, "U.2": BK}, {"U.2": K}])
]
RECUSAL = Recusal(
    case_id=one(1),
    member_id=one(5),
    member_name="Mutu",
    ground="trainer",
    reason="Pernah melatih",
    automatic=False,
    recorded_at=moment(4),
)
OPINION = OpinionRow(
    case_id=one(1), member_id=one(8), member_name="Standar", opinion="agrees", note="", given_at=moment(5)
)
DECISION = Decision(
    id=one(9),
    decree_number="0001/SK/LSP/2026",
    attempt_units={"U.2": K},
    units={"U.2": K, "U.1": K},
    judgement="K",
    reason="",
    decided_by=one(4),
    decided_by_name="Ketua (contoh)",
    acting_for_chair=False,
    decided_at=moment(6),
    appeal_until=moment(7),
)


def test_the_same_case_freezes_to_the_bytes_it_always_had() -> None:
    hearing = Hearing(
        meeting=MEETING,
        terms=[],
        members=MEMBERS,
        cases={one(1): CASE},
        items={},
        recommended={one(1): RECOMMENDED},
        recusals={one(1): [RECUSAL]},
        opinions={one(1): [OPINION]},
    )
    assert hash_text(write_canonical_json(build_decision_file(hearing, CASE, DECISION))) == KNOWN

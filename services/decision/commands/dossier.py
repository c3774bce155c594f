"""Everything a decision rests on, brought together as one file (R12, ISO/IEC 17024 9.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from services.decision.models import (
    Decision,
    DecisionCase,
    Meeting,
    MeetingMember,
    OpinionRow,
    Recommendation,
    Recusal,
)
from services.decision.queries.sittings import list_members, list_opinions, list_recommendations, list_recusals

FORM = "kompeten/decision-file/1"
Row = TypeVar("Row", Recusal, OpinionRow)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision as it stands in its own file."""

    content: dict[str, Any]

    @classmethod
    def of(cls, decision: Decision) -> Self:
        return cls(
            {
                "id": str(decision.id),
                "decree_number": decision.decree_number,
                "attempt_units": decision.attempt_units,
                "units": decision.units,
                "judgement": decision.judgement,
                "reason": decision.reason,
                "decided_by": str(decision.decided_by),
                "decided_by_name": decision.decided_by_name,
                "acting_for_chair": decision.acting_for_chair,
                "decided_at": decision.decided_at.isoformat(),
                "appeal_until": decision.appeal_until.isoformat(),
            }
        )


@dataclass(frozen=True)
class Dossiers:
    """The files of several cases of one meeting, loaded in a few queries."""

    meeting: Meeting
    members: list[MeetingMember]
    recommended: Mapping[UUID, list[Recommendation]]
    recusals: Mapping[UUID, list[Recusal]]
    opinions: Mapping[UUID, list[OpinionRow]]

    @classmethod
    def of(cls, session: Session, meeting: Meeting, cases: Mapping[UUID, DecisionCase]) -> Self:
        return cls(
            meeting,
            list_members(session, meeting.id),
            list_recommendations(session, list(cases)),
            _by_case(list_recusals(session, meeting.id)),
            _by_case(list_opinions(session, meeting.id)),
        )

    def pending(self, case: DecisionCase) -> Recommendation:
        """What was recommended for the attempt now before the meeting."""
        return next(row for row in self.recommended[case.id] if row.attempt == case.attempt)

    def name_of(self, account: UUID) -> str:
        return next(member.name for member in self.members if member.account_id == account)

    def file(self, case: DecisionCase, verdict: Verdict) -> dict[str, Any]:
        """Plain JSON: the application, every recommendation with the hashes of what it rested on, the meeting, who
        kept out and why, who said what, and the decision."""
        return {
            "form": FORM,
            "application": {
                "id": str(case.id),
                "applicant_id": str(case.applicant_id),
                "applicant_name": case.applicant_name,
                "scheme_id": case.scheme_id,
                "scheme_version": case.scheme_version,
                "scheme_title": case.scheme_title,
                "renews": case.renews,
            },
            "attempt": case.attempt,
            "decided_before": dict(case.standing),
            "recommendations": [_recommendation(row) for row in self.recommended[case.id]],
            "meeting": self._meeting(),
            "recusals": [
                {
                    "member_id": str(row.member_id),
                    "member_name": row.member_name,
                    "ground": row.ground,
                    "reason": row.reason,
                    "automatic": row.automatic,
                    "recorded_at": row.recorded_at.isoformat(),
                }
                for row in self.recusals.get(case.id, [])
            ],
            "opinions": [
                {
                    "member_id": str(row.member_id),
                    "member_name": row.member_name,
                    "opinion": row.opinion,
                    "note": row.note,
                    "given_at": row.given_at.isoformat(),
                }
                for row in self.opinions.get(case.id, [])
            ],
            "decision": verdict.content,
        }

    def _meeting(self) -> dict[str, Any]:
        return {
            "id": str(self.meeting.id),
            "at": self.meeting.at.isoformat(),
            "place": self.meeting.place,
            "opened_at": self.meeting.opened_at.isoformat() if self.meeting.opened_at else None,
            "quorum": self.meeting.quorum,
            "members": [
                {"id": str(row.account_id), "name": row.name, "office": row.office, "present": row.present}
                for row in self.members
            ],
        }


def _by_case(rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def _recommendation(row: Recommendation) -> dict[str, Any]:
    return {
        "attempt": row.attempt,
        "assessment_id": str(row.assessment_id),
        "units": row.units,
        "assessor_id": str(row.assessor_id),
        "assessor_name": row.assessor_name,
        "verifier_id": str(row.verifier_id),
        "assessed_on": row.assessed_on.isoformat(),
        "place": row.place,
        "note": row.note,
        "file_hash": row.file_hash,
        "record_hash": row.record_hash,
    }

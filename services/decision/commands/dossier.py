"""Everything a decision rests on, brought together as one file (R12, ISO/IEC 17024 9.4).

The file is hashed: a key, a value or a format that changes here changes every hash from then on. Say so with a new
`FORM`; `tests/unit/decision/commands/test_dossier.py` holds a file of the present form to its bytes.
"""

from services.decision.commands.loading import Hearing
from services.decision.models import Decision, DecisionCase, Meeting, MeetingMember, OpinionRow, Recommendation, Recusal

FORM = "kompeten/decision-file/1"

Part = dict[str, object]
"""A part of the file: what JSON can hold, ids and moments as text."""


def build_decision_file(hearing: Hearing, case: DecisionCase, decision: Decision) -> Part:
    """The file of `decision` on `case`, ready to be written as canonical JSON.

    It holds the application, every recommendation with the hashes of what it rested on, the meeting, who kept out and
    why, who said what, and the decision itself.
    """
    return {
        "form": FORM,
        "application": _application(case),
        "attempt": case.attempt,
        "decided_before": dict(case.standing),
        "recommendations": [_recommendation(row) for row in hearing.recommended[case.id]],
        "meeting": _meeting(hearing.meeting, hearing.members),
        "recusals": [_recusal(row) for row in hearing.recusals.get(case.id, [])],
        "opinions": [_opinion(row) for row in hearing.opinions.get(case.id, [])],
        "decision": _decision(decision),
    }


def _application(case: DecisionCase) -> Part:
    return {
        "id": str(case.id),
        "applicant_id": str(case.applicant_id),
        "applicant_name": case.applicant_name,
        "scheme_id": case.scheme_id,
        "scheme_version": case.scheme_version,
        "scheme_title": case.scheme_title,
        "renews": case.renews,
    }


def _recommendation(row: Recommendation) -> Part:
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


def _meeting(meeting: Meeting, members: list[MeetingMember]) -> Part:
    return {
        "id": str(meeting.id),
        "at": meeting.at.isoformat(),
        "place": meeting.place,
        "opened_at": meeting.opened_at.isoformat() if meeting.opened_at else None,
        "quorum": meeting.quorum,
        "members": [
            {"id": str(row.account_id), "name": row.name, "office": row.office, "present": row.present}
            for row in members
        ],
    }


def _recusal(row: Recusal) -> Part:
    return {
        "member_id": str(row.member_id),
        "member_name": row.member_name,
        "ground": row.ground,
        "reason": row.reason,
        "automatic": row.automatic,
        "recorded_at": row.recorded_at.isoformat(),
    }


def _opinion(row: OpinionRow) -> Part:
    return {
        "member_id": str(row.member_id),
        "member_name": row.member_name,
        "opinion": row.opinion,
        "note": row.note,
        "given_at": row.given_at.isoformat(),
    }


def _decision(decision: Decision) -> Part:
    return {
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

"""The panel of an appeal: named, voting, concluding (process 2.10; R7, R9, R10, R28)."""

from collections.abc import Iterable
from uuid import UUID

from pydantic import Field
from sqlalchemy.orm import Session

from services.decision.access import require_panel_namer
from services.decision.commands import loading
from services.decision.commands.appeals import tell_appellant
from services.decision.commands.declaring import close_dossier, reopen_dossier
from services.decision.commands.inputs import Input, Reasons
from services.decision.commands.moving import advance_decision_case, tell_part
from services.decision.commands.numbering import take_numbers
from services.decision.commands.reassessments import order_reassessment
from services.decision.domain import appeals as rules
from services.decision.domain.appeals import Step, Vote
from services.decision.domain.impartiality import Nominee, check_impartial_panel, check_panel
from services.decision.domain.workflow import AppealState, CaseAct
from services.decision.models import Appeal, DecisionCase, PanelMember
from services.decision.queries import officers
from services.decision.queries.appeals import list_appealed_units
from services.decision.queries.chain import count_reassessments
from services.decision.queries.declarations import require_declaration
from services.decision.queries.panels import describe_nominee, find_panel_seat, keep_seated, list_panel
from services.decision.queries.sittings import gather_involved_in_appeal, list_recommendations
from shared import audit, clock
from shared.contracts.decision import AppealDecided, AppealPanelNamed
from shared.contracts.words import Involvement
from shared.errors import N_, Conflict, Invalid
from shared.messaging.outbox import announce
from shared.security.actor import Actor


class NamePanel(Input):
    """Three account ids."""

    panel: list[UUID] = Field(max_length=20)


class StepDown(Input):
    """Why a panel member keeps out of an appeal (R7)."""

    reason: Reasons


class CastVote(Input):
    """A panel member's vote, and why: never without `reasons` (R9)."""

    vote: Vote
    reasons: Reasons


class Conclude(Input):
    """`reasons` is told to the appellant, and is never left out (R9)."""

    reasons: Reasons


def name_panel(session: Session, actor: Actor, appeal_id: UUID, command: NamePanel) -> Appeal:
    """Three people without a part in the case hear the appeal; refused with who and why (R7).

    Named again it fills the seats of those who stepped down; whoever has voted stays.
    """
    require_panel_namer(session, actor)
    appeal = loading.lock_appeal(session, appeal_id)
    _must_run(appeal)
    nominees = _nominees(session, command.panel)
    _refuse_who_stepped_down(session, appeal, command.panel)
    case = loading.load_case(session, appeal.case_id)
    check_panel(gather_involved_in_appeal(session, case), nominees)
    first = appeal.state == AppealState.RECEIVED
    _seat(session, actor, appeal, case, nominees)
    appeal.state = AppealState.IN_REVIEW
    tell_appellant(session, appeal, Step.PANEL_NAMED if first else Step.PANEL_CHANGED)
    ids = [nominee.account for nominee in nominees]
    tell_part(session, case, ids, Involvement.HEARD_APPEAL)
    announce(
        session,
        appeal,
        AppealPanelNamed(appeal_id=appeal.id, application_id=case.id, applicant_id=case.applicant_id, panel=ids),
    )
    audit.record_act(session, actor, "appeal:panel", appeal.subject, None, {"panel": [str(one) for one in ids]})
    return appeal


def step_down_from_panel(session: Session, actor: Actor, appeal_id: UUID, command: StepDown) -> Appeal:
    """A panel member has a conflict of their own (R7): the seat is free for another, the reason stays on record."""
    appeal = loading.lock_appeal(session, appeal_id)
    member = find_panel_seat(session, appeal, actor)
    _must_run(appeal)
    before = {"vote": member.vote}
    member.declined_at, member.reasons, member.vote = clock.now(), command.reason, None
    case = loading.load_case(session, appeal.case_id)
    tell_part(session, case, [actor.id], Involvement.TIED)
    close_dossier(session, case, actor.id)
    audit.record_act(session, actor, "appeal:step-down", appeal.subject, before, {"reason": command.reason})
    return appeal


def cast_vote(session: Session, actor: Actor, appeal_id: UUID, command: CastVote) -> PanelMember:
    """Each member votes with reasons; the last vote given counts until the appeal is concluded."""
    appeal = loading.lock_appeal(session, appeal_id)
    member = find_panel_seat(session, appeal, actor)
    _must_run(appeal)
    _must_be_impartial(session, appeal, [member])
    require_declaration(session, actor, appeal.case_id)
    before = {"vote": member.vote}
    member.vote, member.reasons, member.voted_at = command.vote, command.reasons, clock.now()
    audit.record_act(session, actor, "appeal:vote", appeal.subject, before, {"vote": command.vote})
    return member


def conclude_appeal(session: Session, actor: Actor, appeal_id: UUID, command: Conclude) -> Appeal:
    """A member of the panel states the outcome the votes came to, with reasons: the formal end (R9).

    Upheld, it orders a re-assessment of the appealed BK units only (R28), by nobody who assessed before or who has
    seen the appeal (R10). Dismissed, the BK decision stands; a re-assessment can still be asked for.
    """
    appeal = loading.lock_appeal(session, appeal_id)
    find_panel_seat(session, appeal, actor)
    _must_run(appeal)
    sitting = keep_seated(list_panel(session, appeal))
    if len(sitting) < 3:
        raise Conflict("panel-incomplete", N_("Panel belum lengkap; anggota pengganti perlu ditunjuk dahulu."))
    _must_be_impartial(session, appeal, sitting)
    upheld = rules.is_appeal_upheld([Vote(member.vote) if member.vote else None for member in sitting])
    case = loading.lock_case(session, appeal.case_id)
    now = clock.now()
    appeal.state = AppealState.UPHELD if upheld else AppealState.DISMISSED
    appeal.outcome_reasons, appeal.decided_by_name, appeal.ended_at = command.reasons, actor.name, now
    tell_appellant(session, appeal, Step.OUTCOME)
    tell_appellant(session, appeal, Step.ENDED)
    announce(
        session,
        appeal,
        AppealDecided(
            appeal_id=appeal.id,
            application_id=case.id,
            applicant_id=case.applicant_id,
            upheld=upheld,
            reasons=command.reasons,
            decided_at=now,
        ),
    )
    audit.record_act(session, actor, "appeal:conclude", appeal.subject, None, {"upheld": upheld})
    if upheld:
        _order(session, actor, appeal, case)
    else:
        # An appeal brings no disadvantage (R10): a re-assessment can be asked for as before.
        advance_decision_case(case, CaseAct.DISMISS)
        case.appeal_until = None
    return appeal


def _order(session: Session, actor: Actor, appeal: Appeal, case: DecisionCase) -> None:
    take_numbers(session, f"person/{case.applicant_id}")
    numbers = rules.number_reassessments(list_appealed_units(session, appeal), count_reassessments(session, case))
    assessors = {row.assessor_id for row in list_recommendations(session, [case.id])[case.id]}
    readers = {member.account_id for member in list_panel(session, appeal)}
    order_reassessment(
        session, actor, case, numbers, CaseAct.ORDER_REASSESSMENT, appeal=appeal, excluded=assessors | readers
    )


def _must_run(appeal: Appeal) -> None:
    if AppealState(appeal.state).ended:
        raise Conflict("appeal-ended", N_("Banding ini sudah selesai."), details={"state": appeal.state})


def _must_be_impartial(session: Session, appeal: Appeal, seated: Iterable[PanelMember]) -> None:
    """Asked at every act (R7): what other stages have told since the panel was named counts, too."""
    accounts = officers.find_accounts(session, [member.account_id for member in seated])
    involved = gather_involved_in_appeal(session, loading.load_case(session, appeal.case_id))
    check_impartial_panel(involved, [describe_nominee(row) for row in accounts.values()])


def _nominees(session: Session, ids: Iterable[UUID]) -> list[Nominee]:
    wanted = list(ids)
    known = officers.find_accounts(session, wanted)
    if any(account not in known for account in wanted):
        raise Invalid("account-unknown", N_("Akun tidak dikenal."), fields={"panel": N_("Pilih akun yang terdaftar.")})
    return [describe_nominee(known[account]) for account in wanted]


def _refuse_who_stepped_down(session: Session, appeal: Appeal, wanted: Iterable[UUID]) -> None:
    asked = set(wanted)
    gone = [one for one in list_panel(session, appeal) if one.declined_at is not None and one.account_id in asked]
    if gone:
        raise Conflict(
            "stepped-down",
            N_("{who} sudah mengundurkan diri dari panel ini; pilih orang lain."),
            who=", ".join(member.name for member in gone),
        )


def _seat(session: Session, actor: Actor, appeal: Appeal, case: DecisionCase, nominees: list[Nominee]) -> None:
    """Who loses the seat loses the file with it (R1, R7)."""
    known = {member.account_id: member for member in list_panel(session, appeal)}
    wanted = {nominee.account for nominee in nominees}
    if any(member.vote and member.account_id not in wanted for member in known.values()):
        raise Conflict("voted-already", N_("Anggota panel yang sudah memberikan suara tidak dapat diganti."))
    for member in known.values():
        if member.account_id not in wanted and member.declined_at is None:
            session.delete(member)
            close_dossier(session, case, member.account_id)
    for position, nominee in enumerate(nominees, start=1):
        if nominee.account in known:
            known[nominee.account].position = position
            continue
        session.add(
            PanelMember(
                appeal_id=appeal.id,
                account_id=nominee.account,
                name=nominee.name,
                position=position,
                named_by_name=actor.name,
            )
        )
        reopen_dossier(session, case, nominee.account)
    session.flush()

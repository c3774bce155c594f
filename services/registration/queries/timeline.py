"""The whole way of one application for its applicant: what happened, and what happens next (process 2.2 to 2.12)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.registration.domain.workflow import BEFORE_FILING, HAPPENED, NEXT, STAGES, STATES, Stage, State
from services.registration.models import Application, Milestone
from services.registration.queries.views import Say, StepView
from shared.clock import JAKARTA


def list_timeline_steps(application: Application, milestones: Iterable[Milestone], say: Say) -> list[StepView]:
    """Return all that happened, in registration and in later stages, in the order in which it happened."""
    own: list[StepView] = []
    for filed in application.rounds:
        own.append(_step(Stage.FILED, filed.filed_at, {"round": filed.number}, say))
        if filed.decided_at is not None:
            stage = Stage.ADMITTED if filed.outcome == "admitted" else Stage.RETURNED
            own.append(_step(stage, filed.decided_at, {"note": filed.note}, say))
    own += [
        _step(Stage.SELF_ASSESSED, sent.submitted_at, {"number": sent.number}, say)
        for sent in application.self_assessments
        if sent.submitted_at is not None
    ]
    if application.withdrawn_at is not None:
        own.append(_step(Stage.WITHDRAWN, application.withdrawn_at, {}, say))
    own += [_step(one.stage, one.at, one.data.model_dump(mode="json"), say) for one in milestones]
    return sorted(own, key=lambda step: step.at)


def find_latest_stage(application: Application, happened: list[StepView]) -> Stage | None:
    """Return the stage of the last step, None for a draft; what is withdrawn stays so, whatever still arrives."""
    if application.state is State.WITHDRAWN:
        return Stage.WITHDRAWN
    return happened[-1].stage if happened else None


def describe_status(application: Application, stage: Stage | None, say: Say) -> str:
    """Return where the application stands, in a few words."""
    return say(STAGES[stage] if stage else STATES[application.state])


def describe_next_step(stage: Stage | None, say: Say) -> str:
    """Return what happens next and who acts, in one sentence."""
    return say(NEXT[stage] if stage else BEFORE_FILING)


def _step(stage: Stage, at: datetime, details: dict[str, Any], say: Say) -> StepView:
    shown = {name: _readable(name, value) for name, value in details.items()}
    return StepView(stage=stage, at=at, title=say(HAPPENED[stage], **shown), details=details)


def _readable(name: str, value: Any) -> str:
    """Moments travel in ISO form; people read the wall clock of Jakarta."""
    if name == "at":
        return f"{datetime.fromisoformat(value).astimezone(JAKARTA):%d-%m-%Y %H.%M} WIB"
    return str(value)

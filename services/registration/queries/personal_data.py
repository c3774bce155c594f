"""Which of an applicant's most personal data who sees, and for what: the one place that says so (UU 27/2022).

| Datum | Who | For what |
|---|---|---|
| NIK in full | the applicant | it is the own |
| | the secretariat, for a reason that is noted (`reveal_nik`) | comparing it with the identity card |
| | the head of certification and the secretariat, in the list for BNSP | BNSP asks for it (domain handbook 5) |
| NIK masked | the secretariat, the officers, the auditor | telling people of one name apart |
| what was asked of adjustments | the applicant, and the assessor of the case | planning the assessment (FR.AK.07) |
"""

from typing import TypeVar

from services.registration.domain.form import Form
from services.registration.queries.views import ApplicationView
from shared.security.masking import mask_nik

V = TypeVar("V", bound=ApplicationView)


def hide_personal_data(view: V) -> V:
    """The application as anybody but its applicant reads it: NIK masked, without what was asked of adjustments."""
    return view.model_copy(update={"form": hide_in_form(view.form)})


def hide_in_form(form: Form) -> Form:
    """FR-APL-01 as anybody but its applicant reads it, on a screen or printed."""
    personal = form.personal.model_copy(update={"nik": mask_nik(form.personal.nik)})
    return form.model_copy(update={"personal": personal, "adjustment": ""})

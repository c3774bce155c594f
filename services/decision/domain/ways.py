"""The two ways on after a BK decision (process 2.10; domain handbook 10): asesmen ulang, and banding.

*Asesmen ulang* accepts the decision and is another try at BK units. *Banding* contests it before a panel. One is chosen
at a time: a re-assessment that was asked for gives up the appeal against the decision it accepts; an appeal that was
dismissed leaves the re-assessment open, since it brings no disadvantage (R10).
"""

from calendar import monthrange
from collections.abc import Collection
from datetime import datetime, time

from services.decision.domain.appeals import Standing, number_reassessments
from services.decision.domain.freezing import OFFICE_TIME
from services.decision.domain.judging import find_unknown_units
from shared.errors import N_, Conflict, Invalid


def compute_reassessment_end(decided_at: datetime, months: int) -> datetime:
    """Return the end of the last day, in Jakarta, on which a re-assessment can be asked for: so many months later."""
    day = decided_at.astimezone(OFFICE_TIME).date()
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
    return datetime.combine(last, time(23, 59, 59), OFFICE_TIME).astimezone(decided_at.tzinfo)


def check_reassessment_request(
    standing: Standing, until: datetime | None, units: Collection[str], now: datetime, *, accepts: bool
) -> dict[str, int]:
    """Return the number that each unit's re-assessment gets, 1 to 3 (R28).

    Raises Conflict `reassessment-too-late` or `reassessments-used-up`, and Invalid with `fields` for a unit that is not
    BK, and unless the decision is accepted: who contests it appeals.
    """
    if until is None or now > until:
        raise Conflict(
            "reassessment-too-late",
            N_("Batas waktu asesmen ulang sudah lewat. Anda dapat mengajukan permohonan baru."),
            details={"reassess_until": until.isoformat() if until else None},
        )
    fields = {}
    if not units:
        fields["units"] = N_("Pilih setidaknya satu unit.")
    elif find_unknown_units(units, standing.not_competent):
        fields["units"] = N_("Asesmen ulang hanya untuk unit yang diputuskan Belum Kompeten.")
    if not accepts:
        fields["accepts"] = N_("Nyatakan bahwa Anda menerima putusan; bila tidak, ajukan banding.")
    if fields:
        raise Invalid(
            "reassessment-incomplete",
            N_("Permintaan asesmen ulang belum lengkap; perbaiki isian yang ditandai."),
            fields=fields,
        )
    return number_reassessments(units, standing.had)

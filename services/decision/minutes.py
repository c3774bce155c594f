"""The minutes of a meeting: set as PDF once it is closed, stored with their hash, and never written again."""

import unicodedata
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from babel.dates import format_datetime

from services.decision.commands import loading
from services.decision.commands.looking import note_minutes_look
from services.decision.domain.impartiality import GROUND_TEXTS
from services.decision.encrypted_kinds import MINUTES
from services.decision.models import ItemState
from services.decision.queries import meetings
from services.decision.queries.views import ItemView, MeetingView
from services.decision.queries.withheld import require_nothing_withheld
from services.decision.words import JUDGEMENT_NAMES, OFFICE_NAMES, OPINION_NAMES
from shared.clock import JAKARTA
from shared.database.unit import Database
from shared.documents import find_unprintable, render_pdf
from shared.errors import N_, Conflict
from shared.kept_files import keep_file, read_kept_file
from shared.security.actor import SYSTEM, Actor
from shared.settings import settings

TEMPLATE = Path(__file__).parent / "documents" / "minutes.typ"


def store_minutes(database: Database, meeting_id: UUID) -> None:
    """Set and store the minutes of a closed meeting, then note their hash. Safe to do twice: the same bytes again."""
    with database.reading() as session:
        meeting = meetings.view_meeting(session, SYSTEM, meeting_id)
    if meeting.minutes_sha256 is not None or meeting.closed_at is None:
        return
    pdf = render_pdf(TEMPLATE, describe_minutes(meeting), at=meeting.closed_at)
    key = f"minutes/{meeting.id}.pdf"
    # Outside any transaction: setting and storing takes seconds. Done twice it gives the same bytes under the same key.
    keep_file(MINUTES, key, pdf)
    with database.unit_of_work() as session:
        row = loading.lock_meeting(session, meeting_id)
        row.minutes_key, row.minutes_sha256 = key, sha256(pdf).hexdigest()


def load_minutes(database: Database, actor: Actor, meeting_id: UUID) -> tuple[str, bytes]:
    """File name and bytes; that the actor takes them is noted, once there is something to take.

    Raises NotFound, Forbidden `recused`, Conflict `minutes-not-ready` until they are written, and FileLost for other
    bytes than were stored.
    """
    with database.reading() as session:
        row = loading.load_meeting(session, meeting_id)
        require_nothing_withheld(session, actor, row.id)
    if row.minutes_key is None:
        raise Conflict(
            "minutes-not-ready", N_("Notula disiapkan setelah rapat ditutup; coba lagi beberapa saat kemudian.")
        )
    pdf = read_kept_file(row.minutes_key, MINUTES, sha256=row.minutes_sha256 or "")
    with database.unit_of_work() as session:
        note_minutes_look(session, actor, meeting_id)
    return f"notula-{row.at.astimezone(JAKARTA):%Y-%m-%d}.pdf", pdf


def describe_minutes(meeting: MeetingView) -> dict[str, Any]:
    """What the template of the minutes is filled with: in Indonesian, as the body keeps its records."""
    names = {member.account_id: member.name for member in meeting.members}
    return {
        "issuer": write_plain_text(settings().lsp_name),
        "at": _moment(meeting.at),
        "place": write_plain_text(meeting.place),
        "opened": f"{_moment(meeting.opened_at)} oleh {write_plain_text(meeting.opened_by_name)}",
        "closed": f"{_moment(meeting.closed_at)} oleh {write_plain_text(meeting.closed_by_name)}",
        "called_by": write_plain_text(meeting.called_by_name),
        "quorum": f"{meeting.quorum} anggota tanpa benturan kepentingan",
        "note": write_plain_text(meeting.note),
        "members": [
            (write_plain_text(member.name), OFFICE_NAMES[member.office], "Hadir" if member.present else "Tidak hadir")
            for member in meeting.members
        ],
        "items": [_item(item, names) for item in meeting.items],
    }


def _item(item: ItemView, names: dict[UUID, str]) -> dict[str, Any]:
    decision = item.decision
    return {
        "applicant": write_plain_text(item.case.applicant_name),
        "scheme": write_plain_text(item.case.scheme_title),
        "attempt": "Asesmen pertama" if item.attempt == 0 else f"Asesmen ulang ke-{item.attempt}",
        "assessor": write_plain_text(item.assessor_name),
        "units": [
            (
                unit.unit,
                write_plain_text(unit.title),
                unit.recommended.value if unit.recommended else "–",
                decision.units[unit.unit].value if decision and unit.unit in decision.units else "–",
            )
            for unit in item.units
        ],
        "recusals": [
            write_plain_text(f"{one.member_name}: {GROUND_TEXTS[one.ground]}{f' ({one.reason})' if one.reason else ''}")
            for one in item.recusals
        ],
        "opinions": [
            write_plain_text(f"{one.member_name}: {OPINION_NAMES[one.opinion]}{f' ({one.note})' if one.note else ''}")
            for one in item.opinions
        ],
        "outcome": _outcome(item, names),
        "reason": write_plain_text(decision.reason) if decision else "",
        "hash": decision.file_hash if decision else "",
    }


def _outcome(item: ItemView, names: dict[UUID, str]) -> str:
    decision = item.decision
    if decision is None or item.state != ItemState.DECIDED:
        return write_plain_text(f"Ditunda. {item.note}".strip())
    found = JUDGEMENT_NAMES[decision.judgement]
    acting = " sebagai wakil ketua" if decision.acting_for_chair else ""
    who = names.get(decision.decided_by, decision.decided_by_name)
    return write_plain_text(f"{found}, surat keputusan nomor {decision.decree_number}, diputuskan oleh {who}{acting}.")


def _moment(value: datetime | None) -> str:
    if value is None:
        return "–"
    return format_datetime(value.astimezone(JAKARTA), "EEEE, d MMMM y HH.mm", locale="id") + " WIB"


def write_plain_text(text: str) -> str:
    """What the fonts cannot set is named by its code point, so that no remark keeps the minutes from being made."""
    composed = unicodedata.normalize("NFC", text)
    for character in find_unprintable(composed, also="\n\t"):
        composed = composed.replace(character, f"[U+{ord(character):04X}]")
    return composed

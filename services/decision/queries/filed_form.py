"""FR-APL-01 as rows to read: the form's own order and words, empty answers left out (process 2.2)."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from shared.errors import N_


class FormSection(BaseModel):
    """A section of the form: what was asked and what was answered. Names are message ids."""

    title: str
    rows: list[tuple[str, str]]


_PERSONAL = (
    ("name", N_("Nama")),
    ("birth_place", N_("Tempat lahir")),
    ("birth_date", N_("Tanggal lahir")),
    ("sex", N_("Jenis kelamin")),
    ("nationality", N_("Kebangsaan")),
    ("address", N_("Alamat")),
    ("phone", N_("Telepon")),
    ("email", N_("Surel")),
)
_JOB = (("employer", N_("Lembaga")), ("position", N_("Jabatan")), ("address", N_("Alamat")))
_LISTS = (
    ("education", N_("Pendidikan"), "level", ("field", "institution", "year")),
    ("trainings", N_("Pelatihan"), "title", ("organiser", "held_on")),
    ("work", N_("Riwayat kerja"), "employer", ("position", "since", "until")),
)


def describe_filed_form(form: Mapping[str, Any], nik: str) -> list[FormSection]:
    """The sections that say something. `nik` is shown as it is given, which is masked."""
    personal = _read_rows(form.get("personal"), _PERSONAL)
    sections = [FormSection(title=N_("Data pribadi"), rows=[*personal, ("NIK", nik)] if nik else personal)]
    for name, title, head, rest in _LISTS:
        sections.append(FormSection(title=title, rows=[_read_line(one, head, rest) for one in form.get(name) or []]))
    sections.append(FormSection(title=N_("Pekerjaan sekarang"), rows=_read_rows(form.get("job"), _JOB)))
    return [section for section in sections if section.rows]


def _read_rows(part: Mapping[str, Any] | None, names: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    known = part or {}
    return [(title, str(known[name])) for name, title in names if known.get(name)]


def _read_line(one: Mapping[str, Any], head: str, rest: Sequence[str]) -> tuple[str, str]:
    return str(one.get(head) or "–"), ", ".join(str(one[name]) for name in rest if one.get(name))

"""What an application must hold before it may be filed, and what the secretariat looks at (process 2.2, 2.3)."""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date
from enum import StrEnum

from services.registration.domain import eligibility
from services.registration.domain.form import (
    Form,
    Job,
    Personal,
    Purpose,
    Schooling,
    Section,
    TrainingTaken,
    WorkPeriod,
)
from services.registration.domain.identity import read_nik
from shared.documents import find_unprintable
from shared.errors import N_, Invalid
from shared.persons import check_person_name, check_phone, is_same_name, normalise_email
from shared.schemes import Scheme

Problems = dict[str, str]
"""Path of a field (`work.0.since`) to an Indonesian msgid that says what to mend there."""

REQUIREMENTS_VERSION = "2026.1"
"""Of the texts shown before filing (R20): raise it whenever requirements, process, rights or duties change."""


def name_requirements_version(scheme: Scheme) -> str:
    """Return the name of what is shown before filing, as it is recorded (R20): `2026.1/<scheme>/<version>`."""
    return f"{REQUIREMENTS_VERSION}/{scheme.id}/{scheme.version}"


class DocumentKind(StrEnum):
    """What an applicant attaches (process 2.2)."""

    PHOTO = "photo"
    DIPLOMA = "diploma"
    TRANSCRIPT = "transcript"
    TRAINING_CERTIFICATE = "training_certificate"
    WORK_EVIDENCE = "work_evidence"
    PAYMENT = "payment"
    OTHER = "other"


KINDS: dict[DocumentKind, str] = {
    DocumentKind.PHOTO: N_("Pasfoto 3x4 latar merah"),
    DocumentKind.DIPLOMA: N_("Ijazah"),
    DocumentKind.TRANSCRIPT: N_("Transkrip nilai"),
    DocumentKind.TRAINING_CERTIFICATE: N_("Sertifikat pelatihan"),
    DocumentKind.WORK_EVIDENCE: N_("Bukti pengalaman kerja"),
    DocumentKind.PAYMENT: N_("Bukti pembayaran"),
    DocumentKind.OTHER: N_("Bukti lain yang relevan"),
}

REQUIRED = N_("Wajib diisi.")
_IN_FUTURE = N_("Tanggal ini belum tiba.")
_NOT_PRINTABLE = N_("Memuat huruf yang tidak dapat dicetak; tulis dengan huruf Latin.")


def list_kinds_to_attach(fee: int) -> list[DocumentKind]:
    """Return the kinds of documents one may attach: proof of payment only where the scheme has a fee (process 2.2)."""
    return [kind for kind in DocumentKind if kind is not DocumentKind.PAYMENT or fee > 0]


def list_filing_problems(form: Form, kinds: Collection[str], fee: int, today: date) -> Problems:
    """Return what stands against filing, by the path of the field (`work.0.since`); empty when nothing does.

    `kinds` are the kinds of documents in the file, `fee` is the scheme's in rupiah, `today` is the day in Jakarta.
    """
    found = _personal(form.personal, today)
    for index, schooling in enumerate(form.education):
        found |= _within(f"education.{index}", _schooling(schooling, today))
    for index, training in enumerate(form.trainings):
        found |= _within(f"trainings.{index}", _training(training, today))
    for index, period in enumerate(form.work):
        found |= _within(f"work.{index}", _work(period, today))
    if not form.education:
        found["education"] = N_("Isi paling sedikit satu riwayat pendidikan.")
    found |= _within("job", _job(form.job))
    if form.purpose is Purpose.UNSAID:
        found["purpose"] = REQUIRED
    if DocumentKind.PHOTO not in kinds:
        found["documents.photo"] = N_("Unggah pasfoto.")
    if fee > 0 and DocumentKind.PAYMENT not in kinds:
        found["documents.payment"] = N_("Unggah bukti pembayaran.")
    return found


def check_application_to_file(form: Form, kinds: frozenset[str], fee: int, today: date) -> eligibility.Path:
    """Return the admission path that a form to be filed meets.

    Raises Invalid with `fields` when something is missing or wrong, and with `details.paths` when none of the three
    paths is met (domain handbook 3.1).
    """
    if wrong := list_filing_problems(form, kinds, fee, today):
        raise Invalid(
            "form-incomplete", N_("Permohonan belum dapat diajukan; perbaiki isian yang ditandai."), fields=wrong
        )
    found = eligibility.judge_admission_paths(form.background(kinds), today)
    path = eligibility.find_met_path(found)
    if path is None:
        raise Invalid(
            "not-eligible",
            N_("Persyaratan belum terpenuhi. Penuhi salah satu dari tiga jalur; lihat yang kurang pada tiap jalur."),
            details={"paths": [describe_path_as_data(one) for one in found]},
        )
    return path


def describe_path_as_data(path: eligibility.Path) -> dict[str, object]:
    """Return a path as data for a refusal: what is missing, in Indonesian with its figures filled in."""
    return {
        "path": path.code,
        "title": path.title,
        "met": path.met,
        "missing": [
            {"code": one.code, "message": one.message.format_map(one.params) if one.params else one.message}
            for one in path.missing
        ],
    }


def check_signature(signature: str, name: str, *, statement: bool) -> None:
    """Raise Invalid unless a form is signed with a statement of compliance (R19; ISO/IEC 17024 9.1).

    To sign is to write one's name as in the form; capitals and spaces don't matter.
    """
    wrong: Problems = {}
    if not statement:
        wrong["statement"] = N_("Nyatakan bahwa data benar dan bahwa Anda mematuhi persyaratan sertifikasi.")
    if not is_same_name(signature, name):
        wrong["signature"] = N_("Tanda tangani dengan menulis nama Anda persis seperti pada formulir.")
    if wrong:
        raise Invalid("not-signed", N_("Formulir belum ditandatangani."), fields=wrong)


def _personal(personal: Personal, today: date) -> Problems:
    found = _required(
        personal, "name", "nik", "birth_place", "birth_date", "sex", "nationality", "address", "city_code",
        "province_code", "phone", "email",
    )  # fmt: skip
    checks = (("name", check_person_name), ("nik", read_nik), ("phone", check_phone), ("email", normalise_email))
    found = _problems_of(checks, personal) | found
    if personal.birth_date and personal.birth_date >= today:
        found["birth_date"] = _IN_FUTURE
    for field, pattern, message in _PATTERNS:
        value = getattr(personal, field)
        if value and not pattern.fullmatch(value):
            found[field] = message
    return _within("personal", found | _printable(personal))


_PATTERNS = (
    ("city_code", re.compile(r"[0-9]{4}"), N_("Kode kota terdiri dari 4 angka, misalnya 3171.")),
    ("province_code", re.compile(r"[0-9]{2}"), N_("Kode provinsi terdiri dari 2 angka, misalnya 31.")),
)


def _schooling(row: Schooling, today: date) -> Problems:
    found = _required(row, "level", "institution", "year")
    if row.level.level and row.level.level >= eligibility.Level.D1 and not row.field:
        found["field"] = REQUIRED
    if row.year is not None and not 1940 <= row.year <= today.year:
        found["year"] = N_("Isi tahun lulus dengan empat angka, tidak melewati tahun ini.")
    return found | _printable(row)


def _training(row: TrainingTaken, today: date) -> Problems:
    found = _required(row, "title", "organiser", "held_on")
    if row.held_on and row.held_on > today:
        found["held_on"] = _IN_FUTURE
    return found | _printable(row)


def _work(row: WorkPeriod, today: date) -> Problems:
    found = _required(row, "employer", "position", "since")
    if row.since and row.since > today:
        found["since"] = _IN_FUTURE
    if row.until and row.until > today:
        found["until"] = N_("Kosongkan bila masih bekerja; tanggal ini belum tiba.")
    elif row.since and row.until and row.until < row.since:
        found["until"] = N_("Tanggal selesai lebih awal daripada tanggal mulai.")
    return found | _printable(row)


def _job(job: Job) -> Problems:
    if not any(value for _, value in job):
        return {}
    found = _required(job, "employer", "position") | _printable(job)
    return found | _problems_of((("phone", check_phone), ("email", normalise_email)), job)


def _within(prefix: str, found: Problems) -> Problems:
    return {f"{prefix}.{field}": message for field, message in found.items()}


def _required(section: Section, *fields: str) -> Problems:
    return {field: REQUIRED for field in fields if getattr(section, field) in ("", None)}


def _problems_of(checks: Iterable[tuple[str, Callable[[str, str], object]]], section: Section) -> Problems:
    """What these checks, the same as at every other door, find in the fields that are filled in."""
    found = {}
    for field, check in checks:
        if given := getattr(section, field):
            try:
                check(given, field)
            except Invalid as refusal:
                found[field] = refusal.message
    return found


def _printable(section: Section) -> Problems:
    """The forms are printed, and later the certificate: letters that no font here has are refused now."""
    texts = {field: value for field, value in section if isinstance(value, str)}
    if not find_unprintable(" ".join(texts.values())):
        return {}
    return {field: _NOT_PRINTABLE for field, value in texts.items() if find_unprintable(value)}

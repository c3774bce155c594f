"""What pydantic found wrong, as a refusal that names each field and says what to do there."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from pydantic import ValidationError

from shared.errors import N_, Invalid
from shared.web.translation import gettext

MOST = 100
"""Errors told at once; whoever has more to mend begins with these."""

SUMMARY = N_("Ada isian yang perlu diperbaiki.")
FALLBACK = N_("Isian ini tidak sesuai. Periksa lalu perbaiki.")

REQUIRED = N_("Wajib diisi.")

MESSAGES: dict[str, str] = {
    "missing": REQUIRED,
    "extra_forbidden": N_("Isian ini tidak dikenal. Hapus isian ini."),
    "string_too_short": N_("Isi sekurang-kurangnya {min_length} karakter."),
    "string_too_long": N_("Isi paling banyak {max_length} karakter."),
    "string_pattern_mismatch": N_("Bentuk isian tidak sesuai. Periksa contoh pengisiannya."),
    "too_short": N_("Isi sekurang-kurangnya {min_length} baris."),
    "too_long": N_("Isi paling banyak {max_length} baris."),
    "int_parsing": N_("Isi dengan bilangan bulat."),
    "int_type": N_("Isi dengan bilangan bulat."),
    "int_from_float": N_("Isi dengan bilangan bulat."),
    "int_parsing_size": N_("Angka terlalu besar. Isi dengan angka yang lebih kecil."),
    "float_parsing": N_("Isi dengan angka."),
    "float_type": N_("Isi dengan angka."),
    "decimal_parsing": N_("Isi dengan angka."),
    "decimal_type": N_("Isi dengan angka."),
    "finite_number": N_("Isi dengan angka."),
    "greater_than": N_("Isi dengan angka lebih dari {gt}."),
    "greater_than_equal": N_("Isi dengan angka {ge} atau lebih."),
    "less_than": N_("Isi dengan angka kurang dari {lt}."),
    "less_than_equal": N_("Isi dengan angka {le} atau kurang."),
    "bool_parsing": N_("Pilih ya atau tidak."),
    "bool_type": N_("Pilih ya atau tidak."),
    "string_type": N_("Isi dengan teks."),
    "string_unicode": N_("Isi dengan teks."),
    "list_type": N_("Isi dengan daftar."),
    "dict_type": N_("Isi dengan objek JSON."),
    "model_type": N_("Isi dengan objek JSON."),
    "model_attributes_type": N_("Isi dengan objek JSON."),
    "enum": N_("Pilih salah satu dari pilihan yang tersedia: {expected}."),
    "literal_error": N_("Pilih salah satu dari pilihan yang tersedia: {expected}."),
    "uuid_parsing": N_("Isi dengan nomor rujukan (UUID) yang lengkap."),
    "uuid_type": N_("Isi dengan nomor rujukan (UUID) yang lengkap."),
    "uuid_version": N_("Isi dengan nomor rujukan (UUID) yang lengkap."),
    "url_parsing": N_("Isi dengan alamat web yang lengkap, misalnya https://contoh.test."),
    "timezone_aware": N_("Sertakan zona waktu, misalnya +07:00."),
}
_DATE = N_("Isi dengan tanggal yang ada, bentuk TTTT-BB-HH, misalnya 2026-11-23.")
_MOMENT = N_("Isi dengan tanggal dan waktu yang ada, misalnya 2026-11-23T09:00:00+07:00.")
_TIME = N_("Isi dengan waktu yang ada, misalnya 09:00.")
_EMAIL = N_("Isi dengan alamat surel yang lengkap, misalnya nama@contoh.test.")


def refusal_of(errors: ValidationError, *, below: Iterable[str] = ()) -> Invalid:
    """The Invalid that tells each of pydantic's errors at its field's path; `below` stands before every path."""
    fields: dict[str, str] = {}
    for error in islice(errors.errors(include_url=False, include_input=False), MOST):
        path = ".".join([*below, *_path(error["loc"])]) or "body"
        fields.setdefault(path, _message(error["type"], error.get("ctx", {}), error["msg"]))
    return Invalid("invalid-input", SUMMARY, fields=fields)


def _path(location: tuple[int | str, ...]) -> list[str]:
    """The path of an error in the fields and rows a person knows, without pydantic's union members and validators."""
    return [str(step) for step in location if isinstance(step, int) or step.isidentifier() or "-" in step]


def _message(kind: str, context: dict[str, Any], original: str) -> str:
    """The sentence for an error, translated here already: the numbers in it belong to this error alone."""
    if kind in ("value_error", "assertion_error"):
        if "email" in original.lower():
            return gettext(_EMAIL)
        return gettext(str(context.get("error", "")) or FALLBACK)
    if kind == "string_too_short" and context.get("min_length") == 1:
        return gettext(REQUIRED)
    if kind.startswith(("datetime_", "timezone_")) and kind not in MESSAGES:
        return gettext(_MOMENT)
    if kind.startswith("date_"):
        return gettext(_DATE)
    if kind.startswith("time_"):
        return gettext(_TIME)
    shown = {name: str(value).replace(" or ", ", ") for name, value in context.items()}
    return gettext(MESSAGES.get(kind, FALLBACK), **shown)

"""Documents that come in: judged by their content, never by what the sender calls them."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import filetype
from werkzeug.datastructures import FileStorage

from shared.errors import N_, Invalid
from shared.settings import settings

TYPES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/heic": "heic"}
"""What may be uploaded, and the ending its name gets. HEIC, as iPhones make it, is kept as JPEG (`shared.uploads`)."""
PICTURES = frozenset({"image/jpeg", "image/png", "image/heic"})
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
"""What a HEIF file says of itself in its first box (ISO/IEC 23008-12, 10.2): one picture, several, deep colours."""
PDF, PDF_MARK, PDF_MARK_WITHIN = "application/pdf", b"%PDF-", 1024
"""Readers take a PDF whose header has other bytes before it, up to so many."""
MIB = 1024 * 1024
NAME_LENGTH = 120

MISSING = N_("Pilih berkas yang akan diunggah.")
EMPTY = N_("Berkas ini kosong. Pilih berkas yang berisi.")
TOO_LARGE = N_("Berkas terlalu besar. Unggah berkas paling besar {mb} MB.")
WRONG_TYPE = N_("Jenis berkas tidak diterima. Unggah PDF, JPEG, PNG, atau HEIC.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A document whose type was found in its bytes; `name` is safe in headers and folders."""

    name: str
    content_type: str
    data: bytes
    sha256: str


def checked_upload(file: FileStorage | None, *, field: str = "file", types: set[str] | None = None) -> Upload:
    """The uploaded file, if it is one of `types` (default: of TYPES) and not larger than `KOMPETEN_UPLOAD_MB`.

    Raises Invalid on `field` otherwise.
    """
    if file is None or not isinstance(file, FileStorage) or not file.filename:
        raise _invalid("upload-missing", MISSING, field)
    limit = settings().upload_mb
    data = file.stream.read(limit * MIB + 1)
    if len(data) > limit * MIB:
        raise _invalid("upload-too-large", TOO_LARGE, field, mb=limit)
    if not data:
        raise _invalid("upload-empty", EMPTY, field)
    kind = guess_type(data)
    if kind not in (types or TYPES) or kind not in TYPES:
        raise _invalid("upload-type", WRONG_TYPE, field)
    return Upload(safe_file_name(file.filename, TYPES[kind]), kind, data, hashlib.sha256(data).hexdigest())


def guess_type(data: bytes) -> str | None:
    """Return what the bytes are by their beginning: one of TYPES, the name of another kind, or None."""
    if data[4:8] == b"ftyp" and HEIF_BRANDS & {data[8:12], *_list_brands(data)} and data[8:12] != b"avif":
        return "image/heic"
    found: str | None = filetype.guess_mime(data)
    return found or (PDF if PDF_MARK in data[:PDF_MARK_WITHIN] else None)


def _list_brands(data: bytes) -> list[bytes]:
    """The kinds of file that the first box says it is compatible with."""
    length = min(int.from_bytes(data[:4]), 256)
    return [data[at : at + 4] for at in range(16, length, 4)]


def safe_file_name(given: str, ending: str) -> str:
    """The file's own name without folders, control characters and its claimed ending."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    stem = name.rsplit(".", 1)[0] if "." in name else name
    stem = re.sub(r"[^\w \-.()]", "_", stem).strip(" .")[:NAME_LENGTH]
    return f"{stem or 'berkas'}.{ending}"


def _invalid(code: str, message: str, field: str, **params: Any) -> Invalid:
    return Invalid(code, message, fields={field: message}, **params)

"""What the fields of FR-APL-01 are called, and on which page each is filled."""

from shared.errors import N_
from shared.web import gettext

SECTIONS: dict[str, str] = {
    "personal": N_("Data pribadi"),
    "education": N_("Pendidikan dan pelatihan"),
    "work": N_("Pekerjaan"),
    "request": N_("Data permohonan"),
}
"""The pages of the form, in order."""

GROUPS: dict[str, tuple[str, str]] = {
    "personal": ("personal", N_("Data pribadi")),
    "education": ("education", N_("Pendidikan")),
    "trainings": ("education", N_("Pelatihan")),
    "work": ("work", N_("Pengalaman kerja")),
    "job": ("work", N_("Pekerjaan sekarang")),
    "purpose": ("request", N_("Tujuan permohonan")),
    "adjustment": ("request", N_("Penyesuaian yang wajar")),
    "documents": ("documents", N_("Dokumen")),
}

FIELDS: dict[str, str] = {
    "name": N_("Nama lengkap"),
    "nik": N_("NIK"),
    "birth_place": N_("Tempat lahir"),
    "birth_date": N_("Tanggal lahir"),
    "sex": N_("Jenis kelamin"),
    "nationality": N_("Kebangsaan"),
    "address": N_("Alamat"),
    "city_code": N_("Kode kota"),
    "province_code": N_("Kode provinsi"),
    "phone": N_("Telepon"),
    "email": N_("Surel"),
    "level": N_("Jenjang"),
    "field": N_("Bidang studi"),
    "institution": N_("Lembaga pendidikan"),
    "year": N_("Tahun lulus"),
    "title": N_("Nama pelatihan"),
    "organiser": N_("Penyelenggara"),
    "held_on": N_("Tanggal pelatihan"),
    "employer": N_("Lembaga tempat bekerja"),
    "position": N_("Jabatan"),
    "since": N_("Mulai"),
    "until": N_("Sampai"),
    "photo": N_("Pasfoto"),
    "payment": N_("Bukti pembayaran"),
}


def find_form_section(path: str) -> str:
    """Return the name of the page on which the field at `path` is mended."""
    return GROUPS.get(path.split(".", 1)[0], ("personal", ""))[0]


def describe_form_field(path: str) -> str:
    """Return what people call the field at `path`: `Pengalaman kerja 2, Mulai` for `work.1.since`."""
    group, *rest = path.split(".")
    words = gettext(GROUPS[group][1]) if group in GROUPS else group
    for step in rest:
        words += f" {int(step) + 1}" if step.isdecimal() else f", {gettext(FIELDS.get(step, step))}"
    return words

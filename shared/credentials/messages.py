"""What each check says, in plain words, Indonesian and English."""

from shared.clock import JAKARTA
from shared.credentials.claims import Words
from shared.credentials.did import Issuer
from shared.credentials.verdicts import Facts, Kind, Standing

NO_FORM = Words(
    "Ini bukan sertifikat, kredensial, atau isi kode QR dalam bentuk yang diterbitkan sistem ini.",
    "This is no certificate, credential or QR text of a form that this system issues.",
)
NOT_SIGNED = Words(
    "PDF ini tidak memuat tanda tangan yang mencakup seluruh berkas: bukan sertifikat, atau diubah setelah terbit.",
    "This PDF carries no signature that covers the whole file: it is no certificate, or was changed after issue.",
)
FORM = {
    Kind.PDF: Words("Berkas ini PDF yang ditandatangani seluruhnya.", "The file is a PDF, signed as a whole."),
    Kind.CREDENTIAL: Words("Berkas ini kredensial Open Badges 3.0.", "The file is an Open Badges 3.0 credential."),
    Kind.QR: Words("Teks ini isi kode QR sertifikat.", "The text is that of a certificate's QR code."),
}
UNALTERED = Words(
    "Tanda tangan elektroniknya cocok: isinya tidak berubah sejak ditandatangani.",
    "The electronic signature matches: nothing was altered since it was signed.",
)
ALTERED = Words(
    "Tanda tangan elektroniknya tidak cocok: isinya diubah, atau tanda tangannya palsu.",
    "The electronic signature does not match: something was altered, or the signature is forged.",
)
NO_CREDENTIAL = Words(
    "Kredensial di dalam PDF ini tidak ada atau tidak cocok dengan tanda tangannya.",
    "The credential inside this PDF is missing, or does not match its signature.",
)
QR_FORGED = Words(
    "Kode QR ini tidak ditandatangani oleh penerbit tersebut: palsu, atau disalin ke alamat lain.",
    "This QR code was not signed by that issuer: it is forged, or was moved to another address.",
)
STANDING = {
    Standing.GOOD: Words("Tidak ditangguhkan dan tidak dicabut.", "Neither suspended nor withdrawn."),
    Standing.SUSPENDED: Words(
        "Ditangguhkan: sedang tidak berlaku sampai penangguhan berakhir.",
        "Suspended: of no effect until the suspension ends.",
    ),
    Standing.REVOKED: Words(
        "Tidak berlaku lagi: dicabut, dibatalkan, atau diganti versi baru.",
        "No longer in force: withdrawn, voided, or superseded by a new version.",
    ),
}
IN_TIME = Words("Dalam masa berlaku, {begin} sampai {end}.", "Within its validity, {begin} to {end}.")
EXPIRED = Words("Kedaluwarsa sejak {end}.", "Expired since {end}.")
NOT_YET = Words("Baru berlaku mulai {begin}.", "Valid only from {begin} on.")


def fill_validity_dates(words: Words, facts: Facts) -> Words:
    """`words` with {begin} and {end} filled: the first and the last day of validity in Jakarta."""
    begin, end = (moment.astimezone(JAKARTA).date() for moment in (facts.valid_from, facts.valid_until))
    return Words(words.id.format(begin=begin, end=end), words.en.format(begin=begin, end=end))


def say_issuer(passed: bool, issuer: Issuer) -> Words:
    """That it was signed by `issuer`, or was not; the issuer is named, for a document may name anybody."""
    if passed:
        return Words(f"Diterbitkan oleh {issuer.id}.", f"Issued by {issuer.id}.")
    return Words(
        f"Tidak ditandatangani dengan kunci {issuer.id}: bukan terbitannya.",
        f"Not signed with a key of {issuer.id}: it was not issued there.",
    )

"""What the chair does to a certificate: each asks for the reason first (ISO/IEC 17024 9.5)."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from services.certificate.access import DECIDERS
from services.certificate.blueprints import pages
from services.certificate.commands.life import (
    Reason,
    Suspend,
    reinstate_certificate,
    suspend_certificate,
    withdraw_certificate,
)
from services.certificate.commands.retrying import retry_version
from services.certificate.commands.revising import Reduce, Reissue, abandon_version, reduce_scope, reissue_certificate
from services.certificate.commands.voiding import void_certificate
from services.certificate.queries import certificates
from services.certificate.queries.units import list_titled_units
from shared.errors import N_
from shared.security.actor import Actor
from shared.web import (
    Form,
    allow,
    current_actor,
    leave_notice,
    leaving_refusals,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)


class ActWords(NamedTuple):
    """What an act is called on its page: heading, what it means, the button, what is said once it is done."""

    heading: str
    meaning: str
    button: str
    done: str
    kind: str = ""


SUSPENDING = ActWords(
    N_("Tangguhkan sertifikat"),
    N_(
        "Pemegang diberi tahu, dan halaman pemeriksaan menunjukkan penangguhan. "
        "Bila belum selesai pada batasnya, pencabutan atau pengurangan lingkup diusulkan."
    ),
    N_("Tangguhkan"),
    N_("Sertifikat ditangguhkan."),
)
REINSTATING = ActWords(
    N_("Berlakukan kembali"),
    N_("Penangguhan berakhir dan sertifikat berlaku seperti semula."),
    N_("Berlakukan kembali"),
    N_("Sertifikat berlaku kembali."),
)
WITHDRAWING = ActWords(
    N_("Cabut sertifikat"),
    N_("Pencabutan tidak dapat dibatalkan. Pemegang dan instansi yang berlangganan diberi tahu."),
    N_("Cabut"),
    N_("Sertifikat dicabut."),
    "danger",
)
VOIDING = ActWords(
    N_("Batalkan nomor"),
    N_("Nomor ini tercatat sebagai batal dan tidak dipakai lagi; nomor baru dapat diberikan sesudahnya."),
    N_("Batalkan nomor"),
    N_("Nomor dibatalkan dan tercatat."),
    "danger",
)

REISSUING = ActWords(
    N_("Perbaiki data sertifikat"),
    N_(
        "Lembar baru dibuat dengan nomor dan masa berlaku yang sama, dan foto terbaru pemegang. "
        "Lembar lama tetap dapat diperiksa, tetapi disebut sudah diganti."
    ),
    N_("Buat versi baru"),
    N_("Versi baru sedang dibuat. Versi yang sekarang berlaku sampai yang baru jadi."),
)
REDUCING = ActWords(
    N_("Kurangi lingkup sertifikat"),
    N_(
        "Lembar baru dibuat dengan unit yang tetap dicentang; unit yang lain tidak berlaku lagi. "
        "Penangguhan, bila ada, berakhir begitu lembar baru jadi."
    ),
    N_("Kurangi lingkup"),
    N_("Versi baru sedang dibuat. Versi yang sekarang berlaku sampai yang baru jadi."),
    "danger",
)
ABANDONING = ActWords(
    N_("Batalkan versi baru"),
    N_("Versi yang sedang dibuat dibatalkan. Versi yang sekarang tetap berlaku."),
    N_("Batalkan versi baru"),
    N_("Versi baru dibatalkan."),
    "danger",
)


@pages.route("/<uuid:id>/suspend", methods=["GET", "POST"])
@allow(DECIDERS)
def submit_suspension(id: UUID) -> Response | BaseResponse:
    """Ask for reason and limit, then suspend (R15)."""
    return _act(id, suspend_certificate, Form(Suspend), SUSPENDING)


@pages.route("/<uuid:id>/reinstate", methods=["GET", "POST"])
@allow(DECIDERS)
def submit_reinstatement(id: UUID) -> Response | BaseResponse:
    """Ask for the reason, then end the suspension."""
    return _act(id, reinstate_certificate, Form(Reason), REINSTATING)


@pages.route("/<uuid:id>/withdraw", methods=["GET", "POST"])
@allow(DECIDERS)
def submit_withdrawal(id: UUID) -> Response | BaseResponse:
    """Ask for the reason, then withdraw for good."""
    return _act(id, withdraw_certificate, Form(Reason), WITHDRAWING)


@pages.route("/<uuid:id>/void", methods=["GET", "POST"])
@allow(DECIDERS)
def submit_voiding(id: UUID) -> Response | BaseResponse:
    """Ask for the reason, then void the number of a certificate that could not be made."""
    return _act(id, void_certificate, Form(Reason), VOIDING)


@pages.route("/<uuid:id>/reissue", methods=["GET", "POST"])
@allow(DECIDERS)
def submit_reissue(id: UUID) -> Response | BaseResponse:
    """Ask for the right name and the reason, then have a corrected version made."""
    return _act(
        id,
        reissue_certificate,
        Form(Reissue, values={"holder_name": _found(id).holder_name}),
        REISSUING,
    )


@pages.route("/<uuid:id>/reduce", methods=["GET", "POST"])
@allow(DECIDERS)
def submit_reduction(id: UUID) -> Response | BaseResponse:
    """Ask which units remain and why, then have a version with fewer units made (R16)."""
    form = Form(Reduce, values={"units": _found(id).units})
    return _act(id, reduce_scope, form, REDUCING, lambda data: {"units": [], **data})


@pages.route("/<uuid:id>/abandon", methods=["GET", "POST"])
@allow(DECIDERS)
def submit_abandonment(id: UUID) -> Response | BaseResponse:
    """Ask for the reason, then give up the version that can't be made."""
    return _act(id, abandon_version, Form(Reason), ABANDONING)


@pages.post("/<uuid:id>/retry")
@allow(DECIDERS)
def submit_version_retry(id: UUID) -> BaseResponse:
    """Make the version in the making now."""
    with leaving_refusals():
        with unit_of_work() as session:
            retry_version(session, current_actor(), id)
        leave_notice(N_("Dicoba lagi sekarang."))
    return redirect_to("pages.show_certificate", id=id)


def _found(id: UUID) -> certificates.CertificateView:
    with reading() as session:
        return certificates.view_certificate(session, current_actor(), id)


def _act(
    id: UUID,
    command: Callable[[Session, Actor, UUID, Any], object],
    form: Form[Any],
    words: ActWords,
    completed: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
) -> Response | BaseResponse:
    """Ask for the reason, then do it; `completed` adds what an unticked form does not send."""
    if form.submitted(completed):
        with form.refusing():
            with unit_of_work() as session:
                command(session, current_actor(), id, form.value)
            leave_notice(words.done)
            return redirect_to("pages.show_certificate", id=id)
    found = _found(id)
    asked = set(form.model.model_fields)
    return render_page(
        "certificate/act.html", form=form, found=found, words=words, asked=asked, units=list_titled_units(found)
    )

"""The register, and one certificate."""

from base64 import b64encode
from uuid import UUID

from flask import Response

from services.certificate.access import DECIDERS, FILE_TAKERS, HOLDERS_AND_FILE_TAKERS, HOLDERS_AND_READERS, READERS
from services.certificate.api import register as api
from services.certificate.blueprints import pages
from services.certificate.commands.looking import open_certificate
from services.certificate.domain.states import State
from services.certificate.domain.versions import VersionState
from services.certificate.queries import certificates
from services.certificate.queries.units import list_titled_units
from shared.documents import qr
from shared.schemes import shipped_schemes
from shared.web import ById, allow, current_actor, current_language, noting_look, read_query, reading, render_page


@pages.get("/register")
@allow(READERS)
def show_register() -> Response:
    """The register of certificates, searched and filtered."""
    query = read_query(certificates.CertificateQuery)
    with reading() as session:
        found = certificates.list_certificates(session, query)
    return render_page(
        "certificate/register.html",
        query=query,
        found=found,
        states=list(State),
        schemes=[(scheme.id, scheme.title.in_language(current_language())) for scheme in shipped_schemes().current()],
    )


@pages.get("/register.csv")
@allow(READERS)
def show_register_csv() -> Response:
    """The register as CSV, filtered as the page is."""
    return api.answer_register_csv(read_query(certificates.CertificateQuery))


@pages.get("/<uuid:id>")
@allow(HOLDERS_AND_READERS)
def show_certificate(id: UUID) -> Response:
    """One certificate with its versions and history; holders see their own."""
    me = current_actor()
    with noting_look() as session:
        found = open_certificate(session, me, id)
    holds = found.holder_id == me.id
    return render_page(
        "certificate/show.html",
        found=found,
        units=list_titled_units(found),
        making=next((version for version in found.versions if version.state is VersionState.MAKING), None),
        chairs=me.has(*DECIDERS),
        holds=holds,
        reads=me.has(*READERS),
        downloads=bool(found.sha256) and (holds or me.has(*FILE_TAKERS)),
        code=b64encode(qr.qr_png(found.check_url)).decode() if holds else "",
    )


@pages.get("/<uuid:id>/pdf")
@allow(HOLDERS_AND_FILE_TAKERS)
def show_certificate_pdf(id: UUID) -> Response:
    """The signed file, for its holder and the officers; who took it is noted."""
    return api.answer_certificate_pdf(ById(id=id), read_query(api.WhichVersion))

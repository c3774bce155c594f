"""The register of certificates, and their files."""

from flask import Response
from pydantic import BaseModel, Field

from services.certificate.access import HOLDERS_AND_FILE_TAKERS, HOLDERS_AND_READERS, READERS
from services.certificate.blueprints import api
from services.certificate.commands.looking import open_certificate
from services.certificate.commands.taking import take_version
from services.certificate.making import stored_files as files
from services.certificate.queries import certificates
from shared.access_log import Look, note_looks
from shared.audit import record_act
from shared.pagination import Page
from shared.web import (
    ById,
    allow,
    current_actor,
    file_response,
    make_csv_download,
    make_download,
    reading,
    unit_of_work,
)


class WhichVersion(BaseModel):
    """Which version of a certificate is meant."""

    version: int | None = Field(None, ge=1, description="Which version; the one in force when nothing is said.")


class Register(Page[certificates.CertificateSummary]):
    """One page of the register."""


@api.get("/certificates", responses={200: Register})
@allow(READERS)
def get_certificates(query: certificates.CertificateQuery) -> Register:
    """The register, a page at a time."""
    with reading() as session:
        return Register.model_validate(certificates.list_certificates(session, query).model_dump())


@api.get("/certificates.csv", responses={200: file_response("text/csv")})
@allow(READERS)
def get_certificates_csv(query: certificates.CertificateQuery) -> Response:
    """The whole list as a table."""
    return answer_register_csv(query)


def answer_register_csv(query: certificates.CertificateQuery) -> Response:
    """Answer with the register as CSV, filtered as the page is; that it was taken is noted, for each person on it."""
    with unit_of_work() as session:
        people = certificates.list_register_holders(session, query)
        note_looks(session, current_actor(), people, Look.EXPORT, "register")
        record_act(session, current_actor(), "register:export", "register", None, {"lines": len(people)})
        return make_csv_download(
            "sertifikat.csv", certificates.CSV_COLUMNS, certificates.list_register_rows(session, query)
        )


@api.get("/certificates/<uuid:id>", responses={200: certificates.CertificateView})
@allow(HOLDERS_AND_READERS)
def get_certificate(path: ById) -> certificates.CertificateView:
    """One certificate: one's own, or any for those who read the register."""
    with unit_of_work() as session:
        return open_certificate(session, current_actor(), path.id)


@api.get("/certificates/<uuid:id>/pdf", responses={200: file_response("application/pdf")})
@allow(HOLDERS_AND_FILE_TAKERS)
def get_certificate_pdf(path: ById, query: WhichVersion) -> Response:
    """The signed file, for its holder and the officers; who took it is noted."""
    return answer_certificate_pdf(path, query)


def answer_certificate_pdf(path: ById, query: WhichVersion) -> Response:
    """Answer with the signed file, and note who took it (R26). Raises NotFound, Conflict."""
    with unit_of_work() as session:
        found = take_version(session, current_actor(), path.id, query.version)
        name = files.name_certificate_file(found)
    return make_download(files.read_stored_file(found), name, "application/pdf")

"""The digital credential of a certificate, for its holder and the officers."""

from flask import Response

from services.certificate.access import HOLDERS_AND_FILE_TAKERS
from services.certificate.api.register import WhichVersion
from services.certificate.blueprints import api
from services.certificate.checking.queries.credentials import require_credential
from services.certificate.commands.taking import take_version
from services.certificate.making import stored_files as files
from shared.web import ById, allow, current_actor, file_response, make_download, unit_of_work

VC = "application/vc"


@api.get("/certificates/<uuid:id>/credential", responses={200: file_response(VC)})
@allow(HOLDERS_AND_FILE_TAKERS)
def get_certificate_credential(path: ById, query: WhichVersion) -> Response:
    """The credential (Open Badges 3.0, JSON) of one's own certificate, as it is attached to the PDF; it is noted."""
    return answer_credential(path, query)


def answer_credential(path: ById, query: WhichVersion) -> Response:
    """Answer with the credential as a file, and note who took it. Raises NotFound, Conflict."""
    with unit_of_work() as session:
        found = take_version(session, current_actor(), path.id, query.version)
        return make_download(
            require_credential(found.credential).encode(), files.name_certificate_file(found, "json"), VC
        )

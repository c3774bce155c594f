"""The public check: where a sheet in hand leads to (R22)."""

from flask import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from services.certificate.api.check import CHECK_RATE
from services.certificate.pages.blueprint import pages
from services.certificate.queries import checking
from shared.errors import N_, Invalid, NotFound
from shared.settings import settings
from shared.web import Form, go, limited, no_csrf, page, public, reading

OTHER = N_("Nomor pada lembar itu bukan nomor sertifikat ini. Periksa lagi nomornya, atau laporkan kepada LSP.")


class CheckForm(BaseModel):
    """`code` is the token or the whole link; `number`, where given, must be that of the certificate."""

    model_config = ConfigDict(str_strip_whitespace=True)

    code: str = Field(min_length=1, max_length=400)
    number: str = Field("", max_length=60)


@pages.route("/check", methods=["GET", "POST"])
@public
@no_csrf
@limited(CHECK_RATE)
def check_form() -> Response | BaseResponse:
    """Where somebody with a sheet in hand begins (R22)."""
    form = Form(CheckForm)
    if form.submitted():
        with form.refusing():
            token = checking.token_in(form.value.code)
            with reading() as session:
                found = _found(session, token)
            if found is None:
                raise Invalid(
                    "certificate-not-genuine", checking.NOT_GENUINE, fields={"code": N_("Kode ini tidak dikenal.")}
                )
            if form.value.number and not checking.has_number(found, form.value.number):
                raise Invalid("other-certificate", OTHER, fields={"number": N_("Nomor berbeda.")})
            return go("pages.check", token=token)
    return page("certificate/check_form.html", form=form, address=f"{settings().public_url}/certificate/check/…")


@pages.get("/check/<string:token>")
@public
@limited(CHECK_RATE, methods=("GET",))
def check(token: str) -> Response:
    """What the QR code on every certificate leads to; the address works for good."""
    with reading() as session:
        found = _found(session, token)
    return page("certificate/check.html", status=200 if found else 404, found=found, not_genuine=checking.NOT_GENUINE)


def _found(session: Session, token: str) -> checking.CheckView | None:
    try:
        return checking.check(session, token)
    except NotFound:
        return None

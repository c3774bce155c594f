"""The public check: where a sheet in hand leads to (R22)."""

from contextlib import suppress

from flask import Response, request
from pydantic import BaseModel
from werkzeug.wrappers import Response as BaseResponse

from services.certificate.blueprints import pages
from services.certificate.checking import api
from services.certificate.checking import verifying as copies
from services.certificate.checking.queries import checks as checking
from services.certificate.checking.queries.answers import CheckView
from services.certificate.checking.typed import TOKEN_INCOMPLETE
from shared.credentials.verdicts import Check
from shared.errors import Invalid, NotFound
from shared.settings import settings
from shared.web import Form, limit_rate, no_csrf, public, reading, redirect_to, render_page, take_upload
from shared.web.uploads import MIB


class ByFile(BaseModel):
    """The file comes beside the form's fields."""


FORMS: dict[str, type[BaseModel]] = {"number": api.ByNumber, "text": api.Pasted, "file": ByFile}
"""The three ways beside the camera, each a form of its own on the page."""


@pages.route("/check", methods=["GET", "POST"])
@public
@no_csrf
@limit_rate(api.COPY_RATE)
@take_upload
def submit_check() -> Response | BaseResponse:
    """Where somebody with a sheet in hand begins (R22). What is sent here changes nothing and is not kept."""
    forms = {way: Form(model) for way, model in FORMS.items()}
    sent = forms.get(request.form.get("way", ""))
    if sent and sent.submitted():
        with sent.refusing():
            return _shown(_found(sent))
    return _show_form(sent, forms)


@pages.get("/check/<string:token>")
@public
@limit_rate(api.CHECK_RATE, methods=("GET",))
def show_check(token: str) -> Response:
    """What the QR code on every certificate leads to; the address works for good."""
    found = checking.answer_unknown()
    try:
        with reading() as session, suppress(NotFound):
            found = checking.check_by_token(session, token)
    except Invalid as incomplete:
        return _show_incomplete(token, incomplete)
    status, stamps = 200 if found.genuine else 404, bool(settings().timestamp_url)
    return _quiet(render_page("certificate/check.html", status=status, found=found, token=token, stamps=stamps))


def _show_incomplete(token: str, refusal: Invalid) -> Response:
    """The form with what was given, and what misses there: of the sheet itself nothing was said yet."""
    forms: dict[str, Form[BaseModel]] = {way: Form(model) for way, model in FORMS.items()}
    forms["text"] = Form(api.Pasted, values={"text": token})
    refusal.fields = {"text": TOKEN_INCOMPLETE}
    forms["text"].refuse(refusal)
    return _show_form(forms["text"], forms)


def _show_form(sent: Form[BaseModel] | None, forms: dict[str, Form[BaseModel]]) -> Response:
    page = render_page(
        "certificate/check_form.html",
        form=sent,
        forms=forms,
        address=f"{settings().public_url}/certificate/check/…",
        mb=copies.MOST_BYTES // MIB,
    )
    return _quiet(page)


def _found(sent: Form[BaseModel]) -> CheckView:
    """The answer to what was sent. Raises Invalid, on the field that is wrong."""
    try:
        match sent.value:
            case api.ByNumber() as given:
                return api.answer_number(given)
            case api.Pasted() as given:
                return api.answer_text(given)
        return api.answer_file(request.files.get("file"))
    except NotFound as unknown:
        raise Invalid(unknown.code, unknown.message) from unknown


def _shown(found: CheckView) -> Response | BaseResponse:
    """What the register alone was asked for has an address that can be kept; of a copy there is only this answer."""
    if found.certificate and found.checks[0].check is Check.STATUS:
        return redirect_to("pages.show_check", token=found.certificate.check_url.rpartition("/")[2])
    return _quiet(render_page("certificate/check.html", found=found))


def _quiet(response: Response) -> Response:
    response.headers.update(api.QUIET)
    return response

"""The pages of a service: HTML made on the server, readable without JavaScript."""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from shared.errors import Forbidden, NotFound, NotSignedIn, Refusal
from shared.web import notices
from shared.web.forms.form import Form
from shared.web.kept_forms import keep_typed
from shared.web.problems import fields_of_refusal, message_of_refusal
from shared.web.translation import gettext


class Pages(Blueprint):
    """The blueprint under `/<service>`; templates are in the service's folder `templates/<service>/`.

    `import_name` is the service module's `__name__`.
    """

    def __init__(self, service: str, import_name: str) -> None:
        super().__init__("pages", import_name, url_prefix=f"/{service}")
        root = Path(self.root_path)
        folder = next((at / "templates" for at in (root, root.parent) if (at / "templates").is_dir()), None)
        self.template_folder = str(folder) if folder else None
        self.service = service


def render_page(template: str, *, status: int | None = None, form: Form[Any] | None = None, **context: Any) -> Response:
    """The page made from `template`; its status is that of the refused `form` (422, 409, 429), else 200."""
    body = render_template(template, form=form, **context)
    page = Response(body, status or (form.status if form else 200), content_type="text/html; charset=utf-8")
    if form and form.retry_after is not None:
        page.headers["Retry-After"] = str(form.retry_after)
    return page


def redirect_to(endpoint: str, /, **values: Any) -> BaseResponse:
    """An answer that sends the browser to another page after something was done (303): a path or an endpoint."""
    target = endpoint if endpoint.startswith("/") else url_for(endpoint, **values)
    return redirect(target, code=303)


def leave_notice(message: str, kind: str = "done", **params: Any) -> None:
    """Leave a sentence for the top of the next page. `message` is a msgid, `kind` is done, warning or error."""
    notices.keep_notice(kind, gettext(message, **params))


def leaving_refusals() -> "_LeavingRefusals":
    """What a button does goes inside; a refusal is left for the top of the next page, there being no form to show it.

        with leaving_refusals():
            with unit_of_work() as session:
                commands.remove_document(session, current_actor(), application_id, document_id)
            leave_notice(N_("Dokumen sudah dihapus dari berkas."))
        return redirect_to("pages.show_application_documents", application_id=application_id)

    What is nobody's business (no such record, not allowed) is raised all the same and becomes a page of its own.
    """
    return _LeavingRefusals()


class _LeavingRefusals:
    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, Refusal) or isinstance(error, NotFound | Forbidden | NotSignedIn):
            return False
        keep_typed(fields_of_refusal(error))
        fields = fields_of_refusal(error).values()
        notices.keep_notice("error", " ".join([message_of_refusal(error), *fields]))
        return True

"""HTTP: what every service's api.py and pages.py are made of.

API views take pydantic models as `path`, `query`, `body`, `form` and return a model, `(model, status)` or None (204);
see `api.Api`. Pages are plain Flask views with a `Form`; see `forms.form`. Every view says who may use it: `@allow`,
`@signed_in` or `@public`, else it refuses everybody. Refusals (`shared.errors`) may be raised anywhere.

    @pages.route("/periods/<uuid:id>", methods=["GET", "POST"])
    @allow(Role.SECRETARIAT)
    def change_period(id: UUID) -> ResponseReturnValue:
        with reading() as session:
            known = queries.period(session, id)
        form = Form(ChangePeriod, values=known)
        if form.submitted():
            with form.refusing(), unit_of_work() as session:
                commands.change_period(session, actor(), id, form.value)
                tell(N_("Periode disimpan."))
                return go("pages.periods")
        return page("registration/period.html", form=form)

Templates extend `layout.html` (blocks `title`, `trail`, `content`; the title is also the heading) and import
`ui/forms.html`, `ui/tables.html` and `ui/parts.html`. Field names of rows are `work.0.employer`; a field's id is its
name after `f-`, dots as dashes. A POST that only presses one button is `f.action(url, label)`; its view calls
`tell_refusal` or lets the refusal become a page.
"""

from flask_openapi3.models.file import FileStorage

from shared.pagination import Page, PageQuery, containing, paginate
from shared.web.access import allow, guarded, limited, no_csrf, public, signed_in
from shared.web.api import Api, ById, file_response, many
from shared.web.app import App, create_app
from shared.web.authentication import TOKEN_COOKIE, actor, actor_or_none, csrf_token
from shared.web.downloads import csv_download, download
from shared.web.forms import Form
from shared.web.headers import keep
from shared.web.navigation import Place, landing
from shared.web.pages import Pages, go, page, tell, tell_refusal
from shared.web.problems import Problem
from shared.web.reading import read_query
from shared.web.translation import gettext, language, ngettext
from shared.web.uploads import Upload, checked_upload
from shared.web.work import database, reading, unit_of_work

__all__ = [
    "TOKEN_COOKIE",
    "Api",
    "App",
    "ById",
    "FileStorage",
    "Form",
    "Page",
    "PageQuery",
    "Pages",
    "Place",
    "Problem",
    "Upload",
    "actor",
    "actor_or_none",
    "allow",
    "checked_upload",
    "containing",
    "create_app",
    "csrf_token",
    "csv_download",
    "database",
    "download",
    "file_response",
    "gettext",
    "go",
    "guarded",
    "keep",
    "landing",
    "language",
    "limited",
    "many",
    "ngettext",
    "no_csrf",
    "page",
    "paginate",
    "public",
    "read_query",
    "reading",
    "signed_in",
    "tell",
    "tell_refusal",
    "unit_of_work",
]

"""HTTP: what every service's api.py and pages.py are made of.

API views take pydantic models as `path`, `query`, `body`, `form` and return a model, `(model, status)` or None (204);
see `api.Api`. Pages are plain Flask views with a `Form`; see `forms.form`. Every view says who may use it: `@allow`,
`@signed_in` or `@public`, else it refuses everybody. How much it may be sent follows from its models; a page that takes
a file says `@take_upload`, what needs more than usual `@limit_body`. Refusals (`shared.errors`) may be raised anywhere.

    @pages.route("/periods/<uuid:id>", methods=["GET", "POST"])
    @allow(PERIOD_ANNOUNCERS)
    def change_period(id: UUID) -> ResponseReturnValue:
        with reading() as session:
            known = queries.find_period(session, id)
        form = Form(ChangePeriod, values=known)
        if form.submitted():
            with form.refusing(), unit_of_work() as session:
                commands.change_period(session, current_actor(), id, form.value)
                leave_notice(N_("Periode disimpan."))
                return redirect_to("pages.list_periods")
        return render_page("registration/period.html", form=form)

Templates extend `layout.html` (blocks `title`, `trail`, `content`; the title is also the heading) and import
`ui/forms.html`, `ui/tables.html` and `ui/parts.html`. Field names of rows are `work.0.employer`; a field's id is its
name after `f-`, dots as dashes. A POST that only presses one button is `f.action(url, label)`; its view works inside
`leaving_refusals()` or lets the refusal become a page.
"""

from flask_openapi3.models.file import FileStorage

from shared.pagination import Page, PageQuery, like_pattern, paginate
from shared.web.access import allow, allow_bearers, allow_repeats, limit_rate, no_csrf, public, signed_in
from shared.web.active_content import warn_of_active_content
from shared.web.api import Api, ById, file_response, list_response
from shared.web.app import App, create_app
from shared.web.authentication import TOKEN_COOKIE, csrf_token, current_actor, current_actor_or_none
from shared.web.bodies import BodyLimit, limit_body, pass_body_on, take_upload
from shared.web.cookies import delete_safe_cookie, read_cookie, set_safe_cookie
from shared.web.downloads import make_csv_download, make_download
from shared.web.forms import Form
from shared.web.navigation import Place, find_landing
from shared.web.pages import Pages, leave_notice, leaving_refusals, redirect_to, render_page
from shared.web.problems import Problem
from shared.web.reading import read_query
from shared.web.translation import current_language, gettext, ngettext
from shared.web.uploads import Upload, checked_upload
from shared.web.work import current_database, noting_look, reading, unit_of_work

__all__ = [
    "TOKEN_COOKIE",
    "Api",
    "App",
    "BodyLimit",
    "ById",
    "FileStorage",
    "Form",
    "Page",
    "PageQuery",
    "Pages",
    "Place",
    "Problem",
    "Upload",
    "allow",
    "allow_bearers",
    "allow_repeats",
    "checked_upload",
    "create_app",
    "csrf_token",
    "current_actor",
    "current_actor_or_none",
    "current_database",
    "current_language",
    "delete_safe_cookie",
    "file_response",
    "find_landing",
    "gettext",
    "leave_notice",
    "leaving_refusals",
    "like_pattern",
    "limit_body",
    "limit_rate",
    "list_response",
    "make_csv_download",
    "make_download",
    "ngettext",
    "no_csrf",
    "noting_look",
    "paginate",
    "pass_body_on",
    "public",
    "read_cookie",
    "read_query",
    "reading",
    "redirect_to",
    "render_page",
    "set_safe_cookie",
    "signed_in",
    "take_upload",
    "unit_of_work",
    "warn_of_active_content",
]

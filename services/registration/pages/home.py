"""What anybody may know without asking (R21; ISO/IEC 17024 7.2): the home page, and how certification works."""

from werkzeug.wrappers import Response

from services.registration.pages.blueprint import pages
from services.registration.pages.cookies import work_list
from shared.schemes import schemes
from shared.settings import settings
from shared.web import actor_or_none, go, page, public


@pages.get("/")
@public
def home() -> Response:
    """The public home; whoever is signed in lands on the own work list."""
    known = actor_or_none()
    if known is not None:
        return go(work_list(known.roles))
    return page("registration/public/home.html", schemes=schemes().current())


@pages.get("/information")
@public
def information() -> Response:
    """Schemes, requirements, process, rights and duties, rules of conduct, appeals and complaints."""
    return page("registration/public/information.html", schemes=schemes().current(), appeal_days=settings().appeal_days)

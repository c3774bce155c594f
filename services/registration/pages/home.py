"""What anybody may know without asking (R21; ISO/IEC 17024 7.2): the home page, and how certification works."""

from werkzeug.wrappers import Response

from services.registration.pages.blueprint import pages
from services.registration.pages.cookies import find_work_list
from shared.schemes import shipped_schemes
from shared.settings import settings
from shared.web import current_actor_or_none, public, redirect_to, render_page


@pages.get("/")
@public
def show_registration_home() -> Response:
    """Show the public home; whoever is signed in lands on the own work list."""
    known = current_actor_or_none()
    if known is not None:
        return redirect_to(find_work_list(known.roles))
    return render_page("registration/public/home.html", schemes=shipped_schemes().current())


@pages.get("/information")
@public
def show_information() -> Response:
    """Show schemes, requirements, process, rights and duties, rules of conduct, appeals and complaints (R21)."""
    return render_page(
        "registration/public/information.html", schemes=shipped_schemes().current(), appeal_days=settings().appeal_days
    )

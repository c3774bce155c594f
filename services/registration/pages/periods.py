"""Certification periods: for anybody to see, for the secretariat to announce (process 2.1; R21)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from services.registration.access import PERIOD_ANNOUNCERS
from services.registration.commands import periods as commands
from services.registration.commands.periods import AnnouncePeriod, Quota
from services.registration.domain.form import Code, Line, Lines, Section
from services.registration.pages.blueprint import pages
from services.registration.queries import periods as queries
from services.registration.queries.views import PeriodView
from shared.errors import N_
from shared.schemes import shipped_schemes
from shared.web import (
    Form,
    allow,
    current_actor,
    current_actor_or_none,
    leave_notice,
    public,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)


class QuotaRow(Section):
    """The quota of one scheme; empty where it is not offered."""

    scheme_id: Code
    quota: Annotated[Quota | None, BeforeValidator(lambda value: value or None)] = None


class PeriodForm(Section):
    """A period as the page takes it: quotas by row."""

    title: Annotated[Line, Field(min_length=1)]
    place: Annotated[Line, Field(min_length=1)]
    opens_on: date
    closes_on: date
    schedule: Lines = ""
    quotas: list[QuotaRow] = []

    def command(self) -> AnnouncePeriod:
        """The period as the command takes it: quotas by scheme."""
        return AnnouncePeriod(
            title=self.title,
            place=self.place,
            opens_on=self.opens_on,
            closes_on=self.closes_on,
            schedule=self.schedule,
            quotas={row.scheme_id: row.quota for row in self.quotas if row.quota},
        )


@pages.get("/periods")
@public
def show_periods() -> Response:
    """List the periods: all of them for who announces them, those open or to come for anybody else (R21)."""
    known = current_actor_or_none()
    may_announce = known is not None and known.has(*PERIOD_ANNOUNCERS)
    with reading() as session:
        found = queries.list_all_periods(session) if may_announce else queries.list_announced_periods(session)
    return render_page("registration/periods/list.html", found=found, may_announce=may_announce)


@pages.route("/periods/new", methods=["GET", "POST"])
@allow(PERIOD_ANNOUNCERS)
def show_new_period() -> Response:
    """Announce a period."""
    form = Form(PeriodForm, values={"quotas": _rows(None)})
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.announce_period(session, current_actor(), form.value.command())
            leave_notice(N_("Periode sudah diumumkan."))
            return redirect_to("pages.show_periods")
        _name_rows(form)
    return render_page("registration/periods/edit.html", form=form, schemes=shipped_schemes().current(), period=None)


@pages.route("/periods/<uuid:period_id>", methods=["GET", "POST"])
@allow(PERIOD_ANNOUNCERS)
def show_period(period_id: UUID) -> Response:
    """Change a period."""
    with reading() as session:
        period = next((one for one in queries.list_all_periods(session) if one.id == period_id), None)
    if period is None:
        raise NotFound
    form = Form(PeriodForm, values={**period.model_dump(), "quotas": _rows(period)})
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.change_period(session, current_actor(), period_id, form.value.command())
            leave_notice(N_("Periode sudah diubah dan diumumkan kembali."))
            return redirect_to("pages.show_periods")
        _name_rows(form)
    return render_page("registration/periods/edit.html", form=form, schemes=shipped_schemes().current(), period=period)


def _rows(period: PeriodView | None) -> list[dict[str, object]]:
    quotas = {row.scheme_id: row.quota for row in period.quotas} if period else {}
    return [{"scheme_id": scheme.id, "quota": quotas.get(scheme.id)} for scheme in shipped_schemes().current()]


def _name_rows(form: Form[PeriodForm]) -> None:
    """Refusals name quotas by scheme, the page by row."""
    ids = [scheme.id for scheme in shipped_schemes().current()]
    for path in list(form.errors):
        name = path.removeprefix("quotas.")
        if name in ids:
            form.errors[f"quotas.{ids.index(name)}.quota"] = form.errors.pop(path)

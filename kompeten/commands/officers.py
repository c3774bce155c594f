"""The first officers of a body, from the command line: afterwards two persons name and end them on the pages."""

from datetime import date, datetime

import click

from kompeten.commands.refusals import saying_refusals
from shared.database.opened import database_of


@click.group()
def officers() -> None:
    """The five officers who decide, and the deputy of the chair."""


@officers.command("install")
@click.option("--holder", "holders", multiple=True, required=True, help="OFFICE=EMAIL, once for each office.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day in office.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Last day in office.")
def install(holders: tuple[str, ...], since: datetime, until: datetime) -> None:
    """Record the officers the body begins with. Refused while anybody is in office.

    OFFICE is chair, head_of_general_affairs, head_of_certification, head_of_quality_control, head_of_standards or
    deputy (one of the last four).
    """
    from services.decision.commands.terms import FirstHolder, InstallOfficers, install_officers
    from services.decision.domain.roster import OFFICES
    from services.decision.queries.officers import find_account_by_email

    named = sorted((_read_holder(text) for text in holders), key=lambda one: OFFICES.index(one[0]))
    with saying_refusals(), database_of("decision").unit_of_work() as session:
        first = [FirstHolder(office=office, account_id=find_account_by_email(session, mail)) for office, mail in named]
        command = InstallOfficers(holders=first, since=_day(since), until=_day(until))
        made = [(row.office, row.name) for row in install_officers(session, command)]
    for office, name in made:
        click.echo(f"{office} {name}")


def _read_holder(text: str) -> tuple[str, str]:
    from services.decision.domain.roster import OFFICES

    office, _, email = text.partition("=")
    if office not in OFFICES or not email:
        raise click.BadParameter(f"{text}: write OFFICE=EMAIL, OFFICE one of {', '.join(OFFICES)}")
    return office, email


def _day(moment: datetime) -> date:
    return moment.date()

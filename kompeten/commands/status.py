"""How the system is: every replica of every service asked, in one command."""

import json

import click

from kompeten.asking import Answer, Findings, ask_services, find_system_ailments
from shared.clock import real_now
from shared.observability.advice import explain_ailment
from shared.observability.ailments import Code
from shared.settings import settings

WELL, AILING, UNKNOWN = 0, 1, 2


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The whole reports, for programs.")
def status(as_json: bool) -> None:
    """How every service is, what is wrong and what to do about it.

    Ends with 0 when all is well, with 1 when something is wrong, with 2 when a service could not be asked.
    """
    asked = ask_services(settings())
    found = Findings(asked.answers, [*asked.ailments, *find_system_ailments(settings(), real_now())])
    if as_json:
        told = [
            {"service": one.service, "code": one.code, "about": one.about, "figures": one.figures}
            for one in found.ailments
        ]
        reports = [answer.status.model_dump(mode="json") for answer in found.answers if answer.status]
        click.echo(json.dumps({"ailments": told, "services": reports}, indent=2, ensure_ascii=False))
    else:
        for answer in found.answers:
            click.echo(_line(answer))
        for day in sorted({one.status.holidays_end for one in found.answers if one.status and one.status.holidays_end}):
            click.echo(f"\nnote: the table of holidays ends on {day}; put in the next year's (docs/operations/data.md)")
        for ailment in found.ailments:
            what, do = explain_ailment(ailment)
            click.echo(f"\n{ailment.key}: {what}\n  {do}")
        click.echo(f"\n{len(found.ailments)} wrong" if found.ailments else "all well")
    unknown = any(ailment.code is Code.SERVICE for ailment in found.ailments)
    click.get_current_context().exit(UNKNOWN if unknown else AILING if found.ailments else WELL)


@click.command()
def watch() -> None:
    """Ask every service once a minute, for ever, and mail KOMPETEN_ADMIN_EMAIL once about what is wrong and lasts."""
    from kompeten.watching import watch_for_ever
    from shared.runtime.logs import start_logging

    start_logging(settings().log_level)
    watch_for_ever(settings())


def _line(answer: Answer) -> str:
    """One process: version, what waits, what is late."""
    report = answer.status
    if report is None:
        return f"{answer.service}\tdoes not answer"
    line = f"{answer.service}\t{report.version}\tdata {report.data[:12]}\tup since {report.started_at:%Y-%m-%d %H:%M}"
    if report.backlog is None:
        return f"{line}\tdatabase away"
    outbox = sum(row.waiting for row in report.backlog.outbox)
    jobs = sum(row.waiting for row in report.backlog.jobs)
    return (
        f"{line}\toutbox {outbox}\tinbox {report.backlog.inbox_waiting}\tjobs {jobs}\tdead {report.backlog.dead}"
        f"\tloop {1000 * report.loop_late_seconds:.0f} ms late\tpool {report.pool_in_use}/{report.pool_size}"
    )

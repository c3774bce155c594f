"""Proves the deployment: build, up, demo, scale to three, kill on the way, count. Exit status 0 when all held."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from kompeten.services import NAMES, find_service
from tests.containers.probe import Probe
from tests.containers.stack import Stack, checkout, settled

SCALED = "decision"
ALONE = "notification"
KILL_WHEN = "assessed at the TUK"
CHAPTERS = 7


class Failed(Exception):
    """Something promised did not hold."""


def main() -> None:
    with checkout() as stack:
        try:
            prove(stack)
        except Exception:
            click.echo(stack.compose("ps", "-a"))
            click.echo(stack.compose("logs", "--tail", "60", *NAMES))
            raise


def prove(stack: Stack) -> None:
    timed("image built, secrets and keys made", stack.prepare)
    if stack.own_store:
        timed("S3 server from Debian packages built, in place of the store's image", lambda: stack.compose(
            "build", "--quiet", "minio", seconds=1200))  # fmt: skip
    timed("all containers up and healthy", stack.up)
    check_containers(stack)
    check_audit_log(stack)
    timed("demo, one container per service", lambda: demo(stack))
    check_finished(stack)

    timed(f"{SCALED} scaled to 3", lambda: stack.scale(SCALED, 3))
    consumers = stack.queues()[f"kompeten.{SCALED}"][1]
    hold(consumers == 3, f"{consumers} replicas of {SCALED} share its queue")
    with Probe(f"{stack.url}/{SCALED}/ready") as probe:
        timed(
            f"demo, with one of 3 {SCALED} and the only {ALONE} killed on the way",
            lambda: demo(stack, KILL_WHEN, lambda: kill(stack)),
        )
    hold(set(probe.answers) == {"200"}, f"{SCALED} asked through the proxy meanwhile: {probe}")
    for service in (SCALED, ALONE):
        restarts = [int(container["RestartCount"]) for container in stack.containers(service)]
        hold(sum(restarts) == 1, f"containers of {service} started again after the kill: {restarts}")
    check_finished(stack)
    with Probe(f"{stack.url}/{SCALED}/ready") as probe:
        timed(f"{SCALED} back to 1", lambda: stack.scale(SCALED, 1))
        time.sleep(3)
    hold(set(probe.answers) == {"200"}, f"{SCALED} asked through the proxy meanwhile: {probe}")
    click.echo("all of it held")


def demo(stack: Stack, moment: str = "", then: Callable[[], None] = lambda: None) -> None:
    """Play the demo through the published port; call `then` at the first line that begins with `moment`.

    The player holds its breath meanwhile: a command that is being answered by a process that is killed gets a 502, as
    it should, because nobody can know whether it was done; a person would look and then decide, the demo cannot.
    """
    into = stack.folder / "demo"
    command = ["kompeten", "demo", "--url", stack.url, "--password", stack.demo_password(), "--into", str(into)]
    program = Path(sys.executable).with_name("kompeten")
    player = subprocess.Popen(
        [str(program), *command[1:]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1
    )
    assert player.stdout is not None
    lines = []
    for line in player.stdout:
        lines.append(line)
        if moment and line.startswith(moment):
            moment = ""
            player.send_signal(signal.SIGSTOP)
            time.sleep(2)
            then()
            player.send_signal(signal.SIGCONT)
    if player.wait(60) or moment:
        raise Failed(f"the demo ended with {player.returncode}:\n{''.join(lines)}")
    chapters = [line for line in lines if line[:2] in {f"{number}." for number in range(1, CHAPTERS + 1)}]
    hold(len(chapters) == CHAPTERS and "left out" not in "".join(lines), f"all {CHAPTERS} chapters were played")
    hold((into / "certificate.pdf").read_bytes().startswith(b"%PDF"), "the certificate is a PDF")


def kill(stack: Stack) -> None:
    stack.crash(stack.containers(SCALED)[0]["Id"])
    stack.crash(stack.containers(ALONE)[0]["Id"])
    click.echo(f"  killed one of 3 {SCALED} and the only {ALONE} with SIGKILL")


def check_containers(stack: Stack) -> None:
    """What docs/operations/deploy.md says of every container."""
    containers = stack.containers()
    names = {container["Name"]: container["Config"]["Labels"]["com.docker.compose.service"] for container in containers}
    published = {
        names[container["Name"]]
        for container in containers
        if any(container["HostConfig"]["PortBindings"].values() if container["HostConfig"]["PortBindings"] else ())
    }
    hold(published == {"proxy"}, f"ports are published by {', '.join(sorted(published))} alone")
    locked = all(
        container["HostConfig"]["ReadonlyRootfs"]
        and container["HostConfig"]["CapDrop"] == ["ALL"]
        and "no-new-privileges:true" in container["HostConfig"]["SecurityOpt"]
        for container in containers
    )
    hold(locked, f"{len(containers)} containers: read-only root, no capabilities, no new privileges")
    users = {container["Config"]["User"] for container in containers if names[container["Name"]] in NAMES}
    hold(users == {"10001:10001"}, f"the services run as {', '.join(users)}")


def check_audit_log(stack: Stack) -> None:
    for service in NAMES:
        for change in ("UPDATE audit_log SET actor_name = ''", "DELETE FROM audit_log", "TRUNCATE audit_log"):
            answer = stack.sql_as_service(service, change)
            if "permission denied" not in answer:
                raise Failed(f"{service} may {change}: {answer}")
    hold(True, f"no role of the {len(NAMES)} services may change or delete in its audit log")


def check_finished(stack: Stack) -> None:
    """Nothing waits, nothing is dead, and every reader has every event it listens to, once."""
    left = settled(stack)
    hold(not left, f"nothing is left waiting or dead {left or ''}")
    waiting = in_queues(stack)
    for _ in range(20):  # a timer may tell something at any moment: what counts is that it is taken
        if not waiting:
            break
        time.sleep(0.5)
        waiting = in_queues(stack)
    hold(not waiting, f"the broker's queues are empty {waiting or ''}")
    told = [row for service in NAMES for row in stack.sql(service, "SELECT id, type FROM outbox")]
    lost = []
    handled = 0
    for service in NAMES:
        reactions = find_service(service).reactions
        types = set(reactions.types if reactions else ())
        seen = {event_id for (event_id,) in stack.sql(service, "SELECT event_id FROM inbox")}
        handled += len(seen)
        lost += [(service, kind) for event_id, kind in told if kind in types and event_id not in seen]
    hold(not lost, f"{len(told)} events told, {handled} times taken in by those who listen, none lost {lost or ''}")
    numbers = stack.sql("certificate", "SELECT number, count(*) FROM certificate GROUP BY number HAVING count(*) > 1")
    (count,) = stack.sql("certificate", "SELECT count(*) FROM certificate")[0]
    hold(not numbers, f"{count} certificates, none issued twice")


def in_queues(stack: Stack) -> dict[str, int]:
    """Messages that wait in each queue between the services."""
    return {name: messages for name, (messages, _) in stack.queues().items() if messages and "public" not in name}


def hold(condition: bool, what: str) -> None:
    if not condition:
        raise Failed(what)
    click.echo(f"  {what}")


def timed(what: str, work: Callable[[], object]) -> None:
    started = time.monotonic()
    work()
    click.echo(f"{what}: {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"does not hold: {failure}")

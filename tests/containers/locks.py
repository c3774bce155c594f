"""What docs/operations/deploy.md says of every container, and of the roles in the database."""

from kompeten.services import NAMES
from tests.containers.claims import Failed, hold
from tests.containers.stack import Stack


def check_containers(stack: Stack) -> None:
    """One published port, nothing writable, no capabilities, a user of its own."""
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
    """No service's role may change what stands in its audit log."""
    for service in NAMES:
        for change in ("UPDATE audit_log SET actor_name = ''", "DELETE FROM audit_log", "TRUNCATE audit_log"):
            answer = stack.sql_as_service(service, change)
            if "permission denied" not in answer:
                raise Failed(f"{service} may {change}: {answer}")
    hold(True, f"no role of the {len(NAMES)} services may change or delete in its audit log")

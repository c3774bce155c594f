"""The stack brought up as an operator does."""

from tests.containers.claims import timed
from tests.containers.stack import Stack


def bring_up(stack: Stack) -> None:
    """The stack up and healthy."""
    timed("image built, secrets and keys made", stack.prepare)
    if stack.stands_in:
        timed("S3 server and Valkey built from Debian packages, in place of images that cannot be had", lambda: (
            stack.compose("build", "--quiet", "minio", "limits", seconds=1200)))  # fmt: skip
    timed("all containers up and healthy", stack.up)

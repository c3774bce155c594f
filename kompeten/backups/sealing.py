"""Files sealed with age: anybody with the public keys can make one, only the holder of a private key can open it."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

AGE = "age"
MOMENT_SECONDS = 0.5


class ProgramFailed(RuntimeError):
    """A program that a backup is made or opened with ended badly; the message is what it said last."""


@contextmanager
def seal_into(file: Path, recipients: Path) -> Iterator[IO[bytes]]:
    """What is written in the block is sealed into `file`, for each public key in `recipients`. Raises ProgramFailed."""
    with _running([AGE, "--encrypt", "-R", str(recipients), "-o", str(file)], stdin=subprocess.PIPE) as age:
        pipe = cast(IO[bytes], age.stdin)
        yield pipe
        pipe.close()


@contextmanager
def open_sealed(file: Path, identity: Path) -> Iterator[IO[bytes]]:
    """The content of a sealed file, for the block to read to its end. Raises ProgramFailed."""
    command = [AGE, "--decrypt", "-i", str(identity), str(file)]
    with _running(command, stdout=subprocess.PIPE) as age:
        pipe = cast(IO[bytes], age.stdout)
        yield pipe
        while pipe.read(1 << 16):  # the rest, or age would call it a broken pipe
            pass


def seal_output(command: Sequence[str], environment: Mapping[str, str], file: Path, recipients: Path) -> None:
    """Seal what a program writes. Raises ProgramFailed when either of the two ends badly."""
    with (
        seal_into(file, recipients) as sealed,
        _running(command, environment, stdout=sealed),
    ):
        pass


def give_opened(file: Path, identity: Path, command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Give a program what a sealed file holds. Raises ProgramFailed when either of the two ends badly."""
    with open_sealed(file, identity) as opened, _running(command, environment, stdin=opened):
        pass


def check_identity(file: Path, identity: Path) -> None:
    """Raise ProgramFailed unless `identity` opens the sealed file; its first bytes are enough to know."""
    with _running([AGE, "--decrypt", "-i", str(identity), str(file)], stdout=subprocess.PIPE) as age:
        if cast(IO[bytes], age.stdout).read(1):
            age.kill()
            age.wait()
            age.returncode = 0


@contextmanager
def _running(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    stdout: int | IO[bytes] = subprocess.DEVNULL,
) -> Iterator[subprocess.Popen[bytes]]:
    """A program for the length of the block, which may feed or read it; it must have ended well afterwards.

    A block that raises ends the program. When both fail the program's own words are told: they are the cause.
    """
    broken: BrokenPipeError | ProgramFailed | None = None
    with TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - programs named here, arguments from the settings
            list(command), env=environment, stdin=stdin, stdout=stdout, stderr=said
        )
        try:
            yield process
        except BrokenPipeError as error:
            broken = error  # it ended before it had read everything; why, it has said
        except ProgramFailed as error:
            if process.stdin is None and not _ends_by_itself(process):
                process.kill()
                raise
            broken = error  # the program at the other end may have failed because this one did
        except BaseException:
            process.kill()
            raise
        finally:
            if process.stdin is not None:
                _close_quietly(process.stdin)
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
        if process.returncode:
            said.seek(0)
            words = said.read().decode(errors="replace").strip().splitlines()
            raise ProgramFailed(f"{command[0]} ended with {process.returncode}: {' / '.join(words[-3:])}")
    if broken is not None:
        raise broken


def _ends_by_itself(process: subprocess.Popen[bytes]) -> bool:
    """Whether it ends within a moment: what it writes to may have seen its end before we do."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(MOMENT_SECONDS)
    return process.returncode is not None


def _close_quietly(pipe: IO[bytes]) -> None:
    with suppress(BrokenPipeError):
        pipe.close()

"""What every server of a test's own has in common: a directory, a mark, a guardian, start, stop, kill, restart."""

import os
import pwd
import signal
import subprocess
import sys
import tempfile
import uuid
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers import guardian
from tests.servers.processes import ServerFailed, launch, tail, wait_for


class OwnServer(ABC):
    """A server on free loopback ports, with its own data, that may be stopped, killed and started again at will.

    As a context manager it starts on entry and is gone afterwards, with its directory; a guardian process sees to
    that even when the test run is killed. With `directory` given the server outlives this process: whoever started
    it ends it with `discard`.
    """

    name: str
    start_seconds: float = 60
    stop_seconds: float = 30
    stop_signal: signal.Signals = signal.SIGTERM

    def __init__(self, directory: Path | None = None) -> None:
        self.lasting = directory is not None
        self.directory = directory or Path(tempfile.mkdtemp(prefix=f"kompeten-{self.name}-"))
        self.directory.mkdir(parents=True, exist_ok=True)
        self.mark = uuid.uuid4().hex
        self.process: subprocess.Popen[bytes] | None = None
        self._guardian: subprocess.Popen[bytes] | None = None
        self._made = False

    @property
    def log(self) -> Path:
        """Where the server's output goes."""
        return self.directory / f"{self.name}.log"

    @abstractmethod
    def make(self) -> None:
        """Prepare data and configuration, once, before the first start."""

    @abstractmethod
    def command(self) -> list[str]:
        """The server in the foreground."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether clients are served."""

    def environment(self) -> dict[str, str]:
        """What the server finds in its environment beside ours."""
        return {}

    def user(self) -> str | None:
        """Whom the server runs as, when not as ourselves."""
        return None

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start and wait until clients are served; starting a running server does nothing."""
        if self.running:
            return
        if not self._made:
            self.make()
            self._made = True
        if not self.lasting and self._guardian is None:
            self._guardian = self._watch()
        process = launch(
            self.command(),
            log=self.log,
            mark=self.mark,
            environment=self.environment(),
            user=self.user(),
            directory=self.directory,
        )
        self.process = process
        try:
            wait_for(self.ready, self.name, self.start_seconds, alive=lambda: process.poll() is None)
        except ServerFailed as error:
            self.kill()
            raise ServerFailed(f"{error}; the end of {self.log}:\n{tail(self.log)}") from None

    def stop(self) -> None:
        """Shut down in order; what doesn't end within `stop_seconds` is killed."""
        if self.process is None:
            return
        if self.running:
            self.process.send_signal(self.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.stop_seconds)
        self.kill()

    def kill(self) -> None:
        """End with SIGKILL, children included: what a power cut leaves of the process."""
        if self.process is None:
            return
        guardian.end(self.mark)
        self.process.wait(10)
        self.process = None

    def restart(self) -> None:
        """Stop in order and start again, on the same ports with the same data."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Freeze the server: connections stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen server go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, sign: signal.Signals) -> None:
        for pid in guardian.members(self.mark):
            with suppress(ProcessLookupError):  # a worker that has ended since it was listed
                os.kill(pid, sign)

    def discard(self) -> None:
        """End everything and remove the directory."""
        self.kill()
        guardian.end(self.mark)
        if self._guardian is not None:
            assert self._guardian.stdin is not None
            self._guardian.stdin.close()
            self._guardian.wait(20)
        guardian.remove(str(self.directory))

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.discard()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.discard()

    def _watch(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, guardian.__file__, self.mark, str(self.directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def unprivileged(*names: str) -> str | None:
    """For servers that refuse to run as root: the first of these users that exists, or nobody; None when not root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in names if name in known), "nobody")

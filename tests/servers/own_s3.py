"""An S3 server of a test's own: Ceph's gateway on an in-memory store."""

import os
import shutil
import subprocess
import uuid
from pathlib import Path

from tests.servers import answers
from tests.servers.address import S3Address
from tests.servers.own import OwnServer
from tests.servers.packages import install, need
from tests.servers.processes import free_ports, launch, listens, run, wait_for

PROGRAMS = ("radosgw", "radosgw-admin", "ceph-mon", "ceph-osd", "ceph", "ceph-authtool", "monmaptool")
PACKAGES = ("radosgw", "ceph-mon", "ceph-osd", "ceph-common")
ACCESS_KEY, SECRET_KEY, REGION = "kompetencontoh", "rahasia-contoh-untuk-uji", "default"


class OwnS3(OwnServer):
    """One S3 server that checks signatures, keeps versions, and knows object lock and bucket policies.

    Three processes: a monitor, a store that keeps everything in memory, and the gateway. `start` after `stop` or
    `kill` finds an empty store, because memory is where it was; only the gateway's account is made again. `listen`
    is the address the gateway takes connections on: all of them when containers have to reach it.
    """

    name = "s3"
    owner = "contoh"
    """Whose the buckets are, as `radosgw-admin` knows them."""
    start_seconds = 120

    def __init__(
        self,
        directory: Path | None = None,
        *,
        port: int | None = None,
        listen: str = "127.0.0.1",
        account: tuple[str, str] = (ACCESS_KEY, SECRET_KEY),
    ) -> None:
        install(*PACKAGES, programs=PROGRAMS)
        super().__init__(directory)
        self.port, self._monitor, self._monitor_old = free_ports(3)
        self.port = port or self.port
        self.listen = listen
        self.account = account
        self._helpers: list[subprocess.Popen[bytes]] = []

    @property
    def address(self) -> S3Address:
        return S3Address(f"http://127.0.0.1:{self.port}", *self.account, REGION)

    def environment(self) -> dict[str, str]:
        return {"CEPH_CONF": str(self.directory / "ceph.conf"), "CEPH_ARGS": ""}

    def make(self) -> None:
        """Nothing lasts, so everything is prepared at each start."""

    def start(self) -> None:
        if self.running:
            return
        self._prepare()
        if not self.lasting and self._guardian is None:
            self._guardian = self._watch()
        self._serve("monitor", "ceph-mon", "-i", "a", "-f")
        wait_for(self._monitor_answers, "ceph-mon", 60, alive=self._helpers_live)
        self._add_store()
        access_key, secret_key = self.account
        user = (f"--uid={self.owner}", "--display-name=contoh", f"--access-key={access_key}", f"--secret={secret_key}")
        self.administer("user", "create", *user)
        super().start()

    def command(self) -> list[str]:
        frontend = f"beast endpoint={self.listen}:{self.port} tcp_nodelay=1"
        keyring = str(self.directory / "keyring")
        return [str(need("radosgw")), "-f", "-n", "client.rgw.a", "--keyring", keyring, "--rgw-frontends", frontend]

    def ready(self) -> bool:
        return listens(self.port) and answers.s3(self.address)

    def kill(self) -> None:
        super().kill()
        for helper in self._helpers:
            if helper.poll() is None:
                helper.kill()
            helper.wait(10)
        self._helpers.clear()

    def administer(self, *command: str) -> str:
        """What `radosgw-admin` says: users and their rights."""
        return self._ask("radosgw-admin", *command, seconds=120)

    def _prepare(self) -> None:
        here, cluster = self.directory, str(uuid.uuid4())
        for folder in ("monitor", "store", "gateway"):
            shutil.rmtree(here / folder, ignore_errors=True)
            (here / folder).mkdir()
        for leftover in ("keyring", "monmap"):
            (here / leftover).unlink(missing_ok=True)
        monitor = f"[v2:127.0.0.1:{self._monitor},v1:127.0.0.1:{self._monitor_old}]"
        (here / "ceph.conf").write_text(_configuration(here, cluster, monitor))
        self._key("mon.", "--create-keyring", "--cap", "mon", "allow *")
        self._key("client.admin", "--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *")
        self._key("osd.0", "--cap", "mon", "allow profile osd", "--cap", "osd", "allow *")
        self._key("client.rgw.a", "--cap", "mon", "allow rw", "--cap", "osd", "allow rwx")
        self._ask("monmaptool", "--create", "--fsid", cluster, "--addv", "a", monitor, str(here / "monmap"))
        self._ask("ceph-mon", "--mkfs", "-i", "a", "--monmap", str(here / "monmap"), "--keyring", str(here / "keyring"))

    def _key(self, name: str, *options: str) -> None:
        create = [option for option in options if option == "--create-keyring"]
        rights = [option for option in options if option != "--create-keyring"]
        self._ask("ceph-authtool", *create, str(self.directory / "keyring"), "--gen-key", "-n", name, *rights)

    def _add_store(self) -> None:
        store = str(uuid.uuid4())
        self._ask("ceph", "osd", "new", store, "0")
        self._ask("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", store, "--no-mon-config")
        self._ask("ceph", "osd", "crush", "add", "osd.0", "1.0", "root=default", "host=contoh")
        self._serve("store", "ceph-osd", "-i", "0", "-f")
        wait_for(self._store_is_up, "ceph-osd", 60, alive=self._helpers_live)

    def _monitor_answers(self) -> bool:
        done = subprocess.run(
            [str(need("ceph")), "--connect-timeout", "2", "mon", "stat"],
            env={**os.environ, **self.environment()},
            capture_output=True,
        )
        return done.returncode == 0

    def _store_is_up(self) -> bool:
        return " 1 up" in self._ask("ceph", "osd", "stat").replace(":", "")

    def _helpers_live(self) -> bool:
        return all(helper.poll() is None for helper in self._helpers)

    def _ask(self, program: str, *arguments: str, seconds: float = 60) -> str:
        return run([str(need(program)), *arguments], seconds=seconds, environment=self.environment())

    def _serve(self, name: str, program: str, *arguments: str) -> None:
        command = [str(need(program)), *arguments]
        log = self.directory / f"{name}.log"
        self._helpers.append(launch(command, log=log, mark=self.mark, environment=self.environment()))


def _configuration(here: Path, cluster: str, monitor: str) -> str:
    settings = {
        "fsid": cluster,
        "mon initial members": "a",
        "mon host": monitor,
        "public addr": "127.0.0.1",
        "cluster addr": "127.0.0.1",
        "keyring": f"{here}/keyring",
        "mon data": f"{here}/monitor",
        "osd data": f"{here}/store",
        "rgw data": f"{here}/gateway",
        "log file": f"{here}/$name.log",
        "admin socket": f"{here}/$name.asok",
        "run dir": str(here),
        # one store, in memory, without copies: what a test needs and a cluster would call unhealthy
        "osd objectstore": "memstore",
        "memstore device bytes": str(4 * 2**30),
        "osd pool default size": "1",
        "osd pool default min size": "1",
        "osd pool default pg num": "4",
        "osd pool default pg autoscale mode": "off",
        "osd crush chooseleaf type": "0",
        "mon allow pool size one": "true",
        "mon max pg per osd": "1000",
        "mon data avail crit": "1",
        # what it may read for four fifths of this without asking the others, of whom there are none: a store that was
        # frozen for longer answered nothing ever after
        "osd heartbeat grace": "3600",
        # Debian 13 builds with a path that is not there
        "osd class dir": str(next(Path("/usr/lib").glob("*/rados-classes"), "/usr/lib/rados-classes")),
        "osd class load list": "*",
        "osd class default list": "*",
    }
    return "[global]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items())

"""How each part that a service needs is asked whether it is there."""

from typing import Any

from shared.mail import system_mailer
from shared.messaging.topology import connect_broker
from shared.objectstore import object_store
from shared.objectstore.port import PROBE
from shared.observability.vitals import Probe
from shared.security.allowances import find_allowances
from shared.settings import settings

ANSWER_SECONDS = 5.0


class BrokerProbe:
    """Asks the broker for a channel, on a connection that is kept from one time to the next: no right is needed."""

    def __init__(self) -> None:
        self._connection: Any = None

    def ask(self) -> None:
        """Raises the broker's or the socket's error when no channel opens within ANSWER_SECONDS."""
        try:
            if self._connection is None:
                self._connection = connect_broker(settings())
                self._connection.connect()
                # the driver waits without an end for an answer, once it is connected
                self._connection.connection.sock.settimeout(ANSWER_SECONDS)
            self._connection.connection.channel().close()
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        """Drop the connection without a word to a broker that may not answer."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.collect()


def make_probes(*, keeps_files: bool, sends_mail: bool) -> list[Probe]:
    """The probes of a service: of the broker, unless it is in this process; of the store of limits where one is named;
    of the object store and of the mail server where the service uses them.
    """
    probes = []
    if not settings().embedded:
        broker = BrokerProbe()
        probes.append(Probe("broker", broker.ask, close=broker.close))
    if settings().limits_url:
        probes.append(Probe("limits", _ask_limits))
    if keeps_files:
        probes.append(Probe("store", _ask_store))
    if sends_mail:
        probes.append(Probe("mail", _ask_mail))
    return probes


def _ask_limits() -> None:
    find_allowances().ask_store()


def _ask_store() -> None:
    """A question that writes nothing: in a bucket that keeps versions each probe would be one."""
    object_store().exists(PROBE)


def _ask_mail() -> None:
    system_mailer().probe()

"""Every process of every service asked for its report, over HTTP: no broker, no database and no password is needed."""

import socket
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

import httpx
from pydantic import ValidationError

from kompeten.services import NAMES
from shared.clock import real_now
from shared.observability.ailments import Ailment, Code, find_ailments, find_differing_data
from shared.observability.backups import find_backup_ailments, find_quiet_ailments
from shared.observability.proxy_certificate import find_proxy_ailments
from shared.observability.status import ServiceStatus
from shared.observability.vitals import describe_trouble
from shared.settings import Settings

ANSWER_SECONDS = 15.0


@dataclass(frozen=True)
class Answer:
    """What came of asking one process of a service: its report, or why there is none."""

    service: str
    status: ServiceStatus | None = None
    error: str = ""


@dataclass(frozen=True)
class Findings:
    """All answers of one round, and what is wrong by them; an ailment that several replicas tell of stands once."""

    answers: list[Answer]
    ailments: list[Ailment] = field(default_factory=list)


def ask_services(config: Settings, names: Iterable[str] = NAMES) -> Findings:
    """Ask every replica of these services at once, and judge what they say."""
    places = [(name, address) for name in names for address in list_addresses(config, name)]
    with ThreadPoolExecutor(max(1, len(places))) as threads:
        answers = list(threads.map(lambda place: _ask(*place), places))
    found: dict[str, Ailment] = {}
    for answer in answers:
        for ailment in _judge(answer, config):
            found.setdefault(ailment.key, ailment)
    found |= {one.key: one for one in find_differing_data(one.status for one in answers if one.status)}
    return Findings(answers, list(found.values()))


def find_system_ailments(config: Settings, now: datetime) -> list[Ailment]:
    """What is wrong beside the services: backups, the proxy's certificate, a restored system that is quiet still."""
    return [
        *find_backup_ailments(config, now),
        *find_quiet_ailments(config),
        *find_proxy_ailments(config, now),
    ]


def list_addresses(config: Settings, name: str) -> list[str]:
    """The addresses of a service's replicas: each one that its name stands for. A name that is unknown stays as it is,
    so that asking it says why.
    """
    if not config.service_url:
        return [f"http://{config.listen}"]
    url = urlsplit(config.service_url.replace("{service}", name))
    try:
        found = socket.getaddrinfo(url.hostname, url.port or 80, type=socket.SOCK_STREAM)
    except OSError:
        return [url.geturl()]
    hosts = sorted({str(place[4][0]) for place in found})
    return [url._replace(netloc=f"{f'[{host}]' if ':' in host else host}:{url.port or 80}").geturl() for host in hosts]


def _ask(name: str, address: str) -> Answer:
    try:
        answer = httpx.get(f"{address}/{name}/status", timeout=ANSWER_SECONDS, trust_env=False)
        answer.raise_for_status()
        return Answer(name, ServiceStatus.model_validate_json(answer.content))
    except (httpx.HTTPError, ValidationError) as error:
        return Answer(name, error=describe_trouble(error))


def _judge(answer: Answer, config: Settings) -> Iterator[Ailment]:
    if answer.status is None:
        yield Ailment(answer.service, Code.SERVICE, figures={"error": answer.error})
    else:
        yield from find_ailments(answer.status, config, real_now())

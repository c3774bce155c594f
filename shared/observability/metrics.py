"""A service's report as figures for Prometheus; the same figures as `/status` gives, so that the two never differ."""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from shared.observability.status import Backlog, ServiceStatus

__all__ = ["CONTENT_TYPE_LATEST", "render_metrics"]

Sample = tuple[tuple[str, ...], float]


def render_metrics(status: ServiceStatus) -> bytes:
    """The figures in Prometheus' text format (content type `CONTENT_TYPE_LATEST`), the process's own included."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_StatusCollector(status))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _StatusCollector(Collector):
    def __init__(self, status: ServiceStatus) -> None:
        self._status = status

    def collect(self) -> Iterable[Metric]:
        status = self._status
        yield self._gauge("info", "1; which version runs.", [((status.version,), 1)], "version")
        yield self._gauge("loop_late_seconds", "How late the loop woke up, at worst lately.", status.loop_late_seconds)
        yield self._gauge("pool_in_use", "Connections to the database that are in use.", status.pool_in_use)
        yield self._gauge("pool_size", "Connections to the database that there may be.", status.pool_size)
        parts: list[Sample] = [((part.name,), int(part.well)) for part in status.parts]
        yield self._gauge("part_well", "1 when a part that the service needs answers, else 0.", parts, "part")
        timers: list[Sample] = [((timer.name,), timer.late_seconds) for timer in status.timers]
        yield self._gauge("timer_late_seconds", "How late the last run of a timer is.", timers, "timer")
        ends: list[Sample] = [((key.name,), key.ends_at.timestamp()) for key in status.keys]
        yield self._gauge("key_ends_timestamp_seconds", "When a certificate comes to its end.", ends, "key")
        if status.files_lost is not None:
            yield self._gauge("files_lost", "Files that a register names and the store has not.", status.files_lost)
        if status.log is not None:
            yield self._gauge("log_unchained", "Rows of the log that are not chained yet.", status.log.unchained)
            yield self._gauge("log_unchained_seconds", "Age of the oldest of them.", status.log.oldest_seconds)
        if status.backlog is not None:
            yield from self._backlog(status.backlog)

    def _backlog(self, backlog: Backlog) -> Iterator[Metric]:
        waiting: list[Sample] = [((row.exchange,), row.waiting) for row in backlog.outbox]
        oldest: list[Sample] = [((row.exchange,), row.oldest_seconds) for row in backlog.outbox]
        yield self._gauge("outbox_waiting", "Events told and not published.", waiting, "exchange")
        yield self._gauge("outbox_oldest_seconds", "Age of the oldest of them.", oldest, "exchange")
        yield self._gauge("inbox_waiting", "Events that wait for another try.", backlog.inbox_waiting)
        yield self._gauge("inbox_oldest_seconds", "Age of the oldest of them.", backlog.inbox_oldest_seconds)
        yield self._gauge("inbox_dead", "Events that failed to their last try.", backlog.inbox_dead)
        for name, text in (
            ("waiting", "Jobs that wait."),
            ("oldest_seconds", "Age of the oldest of them."),
            ("dead", "Jobs that failed to their last try."),
        ):
            jobs: list[Sample] = [((job.kind,), getattr(job, name)) for job in backlog.jobs]
            yield self._gauge(f"jobs_{name}", text, jobs, "kind")

    def _gauge(self, name: str, text: str, samples: float | list[Sample], *labels: str) -> Metric:
        gauge = GaugeMetricFamily(f"kompeten_{name}", text, labels=("service", *labels))
        for values, figure in samples if isinstance(samples, list) else [((), samples)]:
            gauge.add_metric((self._status.service, *values), figure)
        return gauge

"""The figures of one box, in the form that Prometheus reads. Labels are closed words: no address, no name, no id."""

from time import perf_counter
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from chibox.batch import Batch
from chibox.writer import Hands

_SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
_COMMITS: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2)
_REQUESTS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """One registry for one box: two boxes in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._records = Counter("chibox_records", "Records appended to the log", registry=self.registry)
        self._batch = Histogram(
            "chibox_batch_records", "Records committed together", buckets=_SIZES, registry=self.registry
        )
        self._commit = Histogram(
            "chibox_commit_seconds", "Time of a commit, sync included", buckets=_COMMITS, registry=self.registry
        )
        self._refusals = Counter("chibox_refusals", "Commands refused, by class", ["refusal"], registry=self.registry)
        self._requests = Histogram(
            "chibox_request_seconds", "Requests by group of routes", ["group", "answer"], buckets=_REQUESTS,
            registry=self.registry,
        )  # fmt: skip
        self.queue = Gauge("chibox_queue_commands", "Commands that wait for the writer", registry=self.registry)
        self.size = Gauge("chibox_log_records", "Size of the log", registry=self.registry)
        self.jobs = Gauge("chibox_jobs_waiting", "Background tasks that wait", registry=self.registry)

    def batch(self, records: int, seconds: float) -> None:
        """A batch was committed."""
        self._records.inc(records)
        self._batch.observe(records)
        self._commit.observe(seconds)

    def refused(self, refusal: str) -> None:
        """A command was refused; the name of its class."""
        self._refusals.labels(refusal).inc()

    def request(self, group: str, status: int, seconds: float) -> None:
        """A request was answered. `group`: a plugin's name, or a part of core."""
        self._requests.labels(group, f"{status // 100}xx").observe(seconds)

    def text(self) -> bytes:
        """All figures, as they stand."""
        return generate_latest(self.registry)


class Measured(Hands):
    """The hands of the box, with a look at the clock around each commit."""

    def __init__(self, batch: Batch, metrics: Metrics) -> None:
        self._batch, self._metrics = batch, metrics
        self._size, self._sealed = batch.log.size, 0.0

    def begin(self) -> None:
        """See `Hands`."""
        self._size = self._batch.log.size
        self._batch.begin()

    def mark(self) -> None:
        """See `Hands`."""
        self._batch.mark()

    def back(self) -> None:
        """See `Hands`."""
        self._batch.back()

    def seal(self) -> bool:
        """See `Hands`."""
        anything = self._batch.seal()
        self._sealed = perf_counter()
        return anything

    def committed(self) -> None:
        """See `Hands`."""
        # a generation that leaves entries behind makes the log shorter
        self._metrics.batch(max(self._batch.log.size - self._size, 0), perf_counter() - self._sealed)
        self._batch.committed()

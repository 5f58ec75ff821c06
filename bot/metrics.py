"""What /metrics shows."""

from contextlib import AbstractContextManager
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from storage.tables import DeliveryKind


class Metrics:
    """Counters of one running Sitrep, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._answers = Histogram(
            "sitrep_answer_seconds",
            "Time from receiving a request to having answered it",
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
            registry=self.registry,
        )
        self.faults = Counter("sitrep_faults", "Handlers that failed unexpectedly", registry=self.registry)
        self._deliveries = Counter(
            "sitrep_deliveries",
            "Attempts at deliveries, by how they ended",
            ["kind", "outcome"],
            registry=self.registry,
        )
        self.waiting = Gauge("sitrep_deliveries_waiting", "Deliveries that are not done", registry=self.registry)

        self._promises = Gauge(
            "sitrep_promises",
            "Updates that were promised, by whether they came in time",
            ["kept"],
            registry=self.registry,
        )
        self._notices = Histogram(
            "sitrep_notice_seconds",
            "Time from a transition until somebody was told of it",
            ["kind"],
            buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
            registry=self.registry,
        )

    def time_to_answer(self) -> AbstractContextManager[object]:
        """Measures one request."""
        return self._answers.time()

    def attempted(self, kind: DeliveryKind, outcome: str) -> None:
        """One attempt at a delivery ended like this."""
        self._deliveries.labels(kind=kind.value, outcome=outcome).inc()

    def told(self, kind: DeliveryKind, delay: timedelta) -> None:
        """Somebody was told of a transition, so long after it."""
        self._notices.labels(kind=kind.value).observe(delay.total_seconds())

    def promises_are(self, *, kept: int, missed: int) -> None:
        """So many updates came in time, and so many later."""
        self._promises.labels(kept="yes").set(kept)
        self._promises.labels(kept="no").set(missed)

    def render(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)

"""Numbers for Prometheus: requests by route, work, sends, webhooks, the model. No label names a patient or practice.

Requests are counted as they pass. What stands in the records is counted when it is asked for.
"""

from collections.abc import Iterator
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from agent.model.tally import PROCESS, Tally
from api.service import Service
from knowledge.records.repository.standing import Standing

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The numbers of one server."""

    def __init__(self) -> None:
        """Begin to count."""
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "overturn_http_requests",
            "Requests answered, by method, route and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "overturn_http_request_seconds",
            "Seconds from a request's head to the end of its answer, by method and route.",
            ("method", "route"),
            buckets=SECONDS,
            registry=self.registry,
        )
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request. `route` is its template ("/case/{denial_id}"), never its path."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def watch(self, service: Service, tally: Tally = PROCESS) -> None:
        """Count what stands in the records of a server, whenever the numbers are read."""
        self.registry.register(_Stands(service, tally))


class _Stands(Collector):
    """Reads the numbers of the records, the worker and the model when they are asked for."""

    def __init__(self, service: Service, tally: Tally) -> None:
        self._service, self._tally = service, tally

    def describe(self) -> Iterator[Metric]:
        """Name nothing beforehand: that would read the records when the server starts."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Read the numbers."""
        yield InfoMetricFamily("overturn", "The program.", {"version": version("overturn")})
        with self._service.office.records.reading() as repository:
            standing = repository.standing
            yield from _of_records(standing)
        yield from _of_worker(self._service)
        yield from _of_model(self._tally)


def _of_records(standing: Standing) -> Iterator[Metric]:
    denials = GaugeMetricFamily("overturn_denials", "Denials, by status and route.", labels=("status", "route"))
    for labels, number in standing.denials().items():
        denials.add_metric(labels, number)
    yield denials
    sends = GaugeMetricFamily("overturn_sends", "Sends, by state and channel.", labels=("state", "channel"))
    for labels, number in standing.sends().items():
        sends.add_metric(labels, number)
    yield sends
    for name, says, found in (
        ("overturn_webhook_deliveries", "Events for webhooks, by state.", standing.deliveries()),
        ("overturn_webhooks", "Webhooks, by state.", standing.webhooks()),
        ("overturn_jobs", "Bulk jobs, by state.", standing.jobs()),
    ):
        gauge = GaugeMetricFamily(name, says, labels=("state",))
        for labels, number in found.items():
            gauge.add_metric(labels, number)
        yield gauge


def _of_worker(service: Service) -> Iterator[Metric]:
    counted = service.worker.counted()
    yield CounterMetricFamily("overturn_cases_worked", "Cases worked since the server began.", counted.cases)
    yield CounterMetricFamily("overturn_runs", "Runs over a practice's cases.", counted.runs)
    yield CounterMetricFamily("overturn_runs_failed", "Runs that ended with an error.", counted.failed)
    yield GaugeMetricFamily("overturn_queue_waiting", "Practices whose cases wait to be worked.", counted.waiting)
    yield GaugeMetricFamily("overturn_working", "1 while cases are worked.", int(counted.working))


def _of_model(tally: Tally) -> Iterator[Metric]:
    families = {
        "asked": ("overturn_model_calls", "Times the model was asked."),
        "faults": ("overturn_model_faults", "Times it failed."),
        "input_tokens": ("overturn_model_input_tokens", "Tokens sent to it."),
        "output_tokens": ("overturn_model_output_tokens", "Tokens it gave."),
        "seconds": ("overturn_model_seconds", "Seconds it took."),
        "money": ("overturn_model_dollars", "US dollars it cost, where its price is known."),
    }
    taken = tally.by_model()
    for field, (name, says) in families.items():
        family = CounterMetricFamily(name, says, labels=("model",))
        for model, sums in taken.items():
            family.add_metric((model,), float(getattr(sums, field)))
        yield family

"""One measurement."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """How much was done in how long; processor time in seconds, for the whole measurement."""

    name: str
    clients: int
    done: int
    seconds: float
    latencies: list[float]
    server_cpu: float
    postgres_cpu: float
    client_cpu: float
    machine_cpu: float
    statements: int

    def joined(self, other: "Cell") -> "Cell":
        """Both parts of a measurement that something else stood between."""
        return Cell(
            name=self.name,
            clients=self.clients,
            done=self.done + other.done,
            seconds=self.seconds + other.seconds,
            latencies=self.latencies + other.latencies,
            server_cpu=self.server_cpu + other.server_cpu,
            postgres_cpu=self.postgres_cpu + other.postgres_cpu,
            client_cpu=self.client_cpu + other.client_cpu,
            machine_cpu=self.machine_cpu + other.machine_cpu,
            statements=self.statements + other.statements,
        )

    @property
    def rate(self) -> float:
        """Operations a second."""
        return self.done / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the operations was answered."""
        ordered = sorted(self.latencies)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] * 1_000

    @property
    def server_us(self) -> float:
        """Processor time of the web server for one operation, in microseconds."""
        return self.server_cpu / self.done * 1e6

    @property
    def postgres_us(self) -> float:
        """Processor time of all of Postgres for one operation, in microseconds."""
        return self.postgres_cpu / self.done * 1e6

    @property
    def client_share(self) -> float:
        """The part of one core that the client took."""
        return self.client_cpu / self.seconds

    @property
    def others_share(self) -> float:
        """The cores that were busy with anything else: figures beside a high one say little."""
        ours = self.server_cpu + self.postgres_cpu + self.client_cpu
        return max(0.0, self.machine_cpu - ours) / self.seconds

    @property
    def statements_each(self) -> float:
        """Statements for one operation, BEGIN and COMMIT and notifications included."""
        return self.statements / self.done

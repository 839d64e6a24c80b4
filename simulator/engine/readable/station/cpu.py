"""An instance whose running jobs share cores, each at most one."""

from __future__ import annotations

from simulator.engine.readable.station.sharing import Sharing


class Cpu(Sharing):
    """The more jobs run, the less of the cores each of them has."""

    def busy(self) -> int:
        return min(len(self.running), self.cores)

    def there(self) -> int:
        return self.cores

    def speed_of(self, jobs: int) -> float:
        return min(1.0, self.cores / jobs) / self.inflation_of(jobs)

    def set_cores(self, cores: int) -> None:
        """Others change the speed at once."""
        if cores != self.cores:
            self.advance()
            self.cores = cores
            self.change_speed()

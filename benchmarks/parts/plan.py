"""How much of everything is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.report import Report
from benchmarks.stage import Stage
from benchmarks.subjects import Subject


@dataclass(frozen=True, slots=True)
class Plan:
    """What a part is given. `short` is for CI: enough to run, too little to compare times."""

    stage: Stage
    report: Report
    subjects: Sequence[Subject]
    rounds: int
    short: bool

    @property
    def ours(self) -> list[Subject]:
        """This bot, in the ways that are under test."""
        return [subject for subject in self.subjects if subject.ours]

    def many(self, full: int, short: int) -> int:
        """How many, by what this run is for."""
        return short if self.short else full

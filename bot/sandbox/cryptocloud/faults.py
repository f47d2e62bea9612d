"""Ways to misbehave, as a provider on a bad day does.

cloud.faults.next(Path.CREATE, Fault.cut_after_commit())          the next call
cloud.faults.next(Path.CREATE, Fault.status(503), times=3)        the next three
cloud.faults.every(Path.INFO, 5, Fault.slow(2))                   every fifth
cloud.faults.share(Path.LIST, 0.2, Fault.empty(), seed=7)         a fifth, the same on each run
cloud.faults.when(Path.CREATE, lambda call: call.field("currency") == "RUB", Fault.html())
cloud.faults.clear()
"""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Self

from bot.sandbox.cryptocloud.exchange import Answer, Call, Path


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to go wrong: wait `before`, take effect or not, wait `after`, then answer or cut.

    Times are in seconds. `rewrite` gets the honest answer (or an empty one, without an effect).
    """

    before: float = 0
    commit: bool = True
    after: float = 0
    cut: bool = False
    rewrite: Callable[[Answer], Answer] | None = None

    @classmethod
    def slow(cls, seconds: float) -> Self:
        """Take effect at once and answer late."""
        return cls(after=seconds)

    @classmethod
    def late_commit(cls, seconds: float) -> Self:
        """Take effect late, whether or not the client still waits."""
        return cls(before=seconds)

    @classmethod
    def cut_after_commit(cls, seconds: float = 0) -> Self:
        """Take effect, then reset the connection without an answer."""
        return cls(after=seconds, cut=True)

    @classmethod
    def cut_before_commit(cls) -> Self:
        """Reset the connection, without an effect."""
        return cls(commit=False, cut=True)

    @classmethod
    def answer(cls, answer: Answer, *, commit: bool = False) -> Self:
        """Answer this, whatever was asked."""
        return cls(commit=commit, rewrite=lambda _: answer)

    @classmethod
    def status(
        cls, code: int, *, commit: bool = False, headers: Mapping[str, str] | None = None
    ) -> Self:
        """A status with the short text a proxy would send."""
        body = f"{code}\n".encode()
        return cls.answer(Answer(code, body, "text/plain", headers or {}), commit=commit)

    @classmethod
    def document(cls, document: object, status: int = 200, *, commit: bool = False) -> Self:
        """A JSON body of one's own, such as a refusal under 200."""
        return cls.answer(Answer.of(document, status), commit=commit)

    @classmethod
    def html(cls, status: int = 200, *, commit: bool = True) -> Self:
        """A page for people where JSON was promised."""
        page = b"<!DOCTYPE html><html><body><h1>Checking your browser</h1></body></html>"
        return cls.answer(Answer(status, page, "text/html"), commit=commit)

    @classmethod
    def truncated(cls) -> Self:
        """The first half of the honest answer, as if that were all."""
        return cls(
            rewrite=lambda honest: replace(honest, body=honest.body[: len(honest.body) // 2])
        )

    @classmethod
    def empty(cls, *, commit: bool = True) -> Self:
        """200 and nothing in it."""
        return cls.answer(Answer(200, b""), commit=commit)

    @classmethod
    def without(cls, *fields: str) -> Self:
        """The honest answer, its result (or each of its rows) lacking these fields."""
        return cls._edit(lambda row: {key: row[key] for key in row if key not in fields})

    @classmethod
    def with_fields(cls, **fields: object) -> Self:
        """The honest answer, its result (or each of its rows) with these fields changed."""
        return cls._edit(lambda row: {**row, **fields})

    @classmethod
    def _edit(cls, change: Callable[[dict[str, object]], dict[str, object]]) -> Self:
        def rewrite(honest: Answer) -> Answer:
            document = json.loads(honest.body)
            match document.get("result"):
                case list(rows):
                    document["result"] = [change(row) for row in rows]
                case dict(result):
                    document["result"] = change(result)
            return replace(honest, body=json.dumps(document).encode())

        return cls(rewrite=rewrite)


@dataclass(slots=True)
class _Rule:
    path: Path
    applies: Callable[[Call], bool]
    fault: Fault
    left: int | None = None


class Faults:
    """What is to go wrong. The first rule that applies to a call decides about it."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []

    def next(self, path: Path, fault: Fault, times: int = 1) -> None:
        """The next calls of this path; further `next` rules queue behind."""
        self._rules.append(_Rule(path, lambda _: True, fault, times))

    def when(self, path: Path, applies: Callable[[Call], bool], fault: Fault) -> None:
        """Every call of this path for which `applies` holds."""
        self._rules.append(_Rule(path, applies, fault))

    def every(self, path: Path, k: int, fault: Fault) -> None:
        """Every `k`-th call of this path, counted from now."""
        seen = 0

        def applies(_: Call) -> bool:
            nonlocal seen
            seen += 1
            return seen % k == 0

        self.when(path, applies, fault)

    def share(self, path: Path, share: float, fault: Fault, seed: int) -> None:
        """This share (0 to 1) of the calls of this path, drawn the same way for the same seed."""
        dice = random.Random(seed)  # noqa: S311 - a misfortune to be repeated, not a secret
        self.when(path, lambda _: dice.random() < share, fault)

    def clear(self) -> None:
        """Behave again."""
        self._rules.clear()

    def take(self, call: Call) -> Fault | None:
        """What is to happen to this call."""
        for rule in self._rules:
            if rule.path == call.path and rule.applies(call):
                if rule.left is not None:
                    rule.left -= 1
                    if rule.left == 0:
                        self._rules.remove(rule)
                return rule.fault
        return None

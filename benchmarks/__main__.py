"""`make bench`, or `python -m benchmarks --help` for a part of it."""

import argparse
import asyncio
import importlib
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.errors import BenchError
from benchmarks.parts.plan import Plan
from benchmarks.report import Report
from benchmarks.stage import stage
from benchmarks.subjects import AIOGRAM, OWN_PARTS, POLLING, WEBHOOK, Subject, grammy

PARTS = (
    "main",
    "counts",
    "conversation",
    "buyers",
    "history",
    "watcher",
    "groups",
    "memory",
    "commands",
)
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def main(argv: Sequence[str] | None = None) -> int:
    """Run what was asked for, print the table, write the JSON."""
    options = _parser().parse_args(argv)
    if sys.platform != "linux":
        sys.stderr.write("The benchmarks need Linux: it tells the CPU of other processes.\n")
        return 2
    try:
        return asyncio.run(_run(options))
    except BenchError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="all, if none is named")
    parser.add_argument("--rounds", type=int, default=5, help="of the main part; the default is 5")
    parser.add_argument("--only", action="append", metavar="BOT", help="one of them")
    parser.add_argument("--short", action="store_true", help="too short to compare times")
    parser.add_argument("--json", type=Path, default=Path("bench.json"), help="where figures go")
    parser.add_argument("--into", type=Path, help="a page whose table is to be replaced")
    return parser


async def _run(options: argparse.Namespace) -> int:
    began = time.monotonic()
    left_out: list[str] = []
    subjects = _subjects(options.only, left_out)
    report = Report({subject.name: subject.title for subject in subjects})
    for line in left_out:
        report.note(line)
    async with stage() as ready:
        plan = Plan(ready, report, subjects, options.rounds, options.short)
        for part in options.part or PARTS:
            sys.stderr.write(f"{part} …\n")
            await importlib.import_module(f"benchmarks.parts.{part}").run(plan)
    report.note(f"{time.strftime('%Y-%m-%d')}, {options.rounds} rounds, {_machine()}.")
    sys.stderr.write(f"{time.monotonic() - began:.0f} s in all\n")
    text = report.markdown()
    sys.stdout.write(f"{text}\n")
    options.json.write_text(json.dumps(report.document(), indent=1, ensure_ascii=False))
    if options.into is not None:
        _replace(options.into, text)
    return 0


def _subjects(only: Sequence[str] | None, left_out: list[str]) -> list[Subject]:
    subjects = [POLLING, WEBHOOK, AIOGRAM, OWN_PARTS]
    if not only or "grammy" in only:
        try:
            subjects.append(grammy())
        except BenchError as error:
            left_out.append(f"{error}.")
    return [subject for subject in subjects if not only or subject.name in only]


def _machine() -> str:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    python = sys.version.partition(" ")[0]
    return f"{len(names)} × {names[0] if names else 'CPU'}, Python {python}"


def _replace(page: Path, text: str) -> None:
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


if __name__ == "__main__":
    sys.exit(main())

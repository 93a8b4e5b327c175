"""Measure the 835 reader beside its peers, and the work a denial takes: `python -m evals.bench [--rounds N]`.

The peers are installed from PyPI into `.bench/venv`, versions pinned, so that nothing of theirs is in this
project's environment. Every measurement is a process of its own; the readers take turns within a round, so that
a busy moment of the machine hits all of them, and the medians of the rounds are compared.
"""

import argparse
import json
import statistics
import subprocess
import sys
import venv
from pathlib import Path

from msgspec import Struct, field
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from evals.bench.generate import generate_remit
from evals.bench.in_flight import BAR as IN_FLIGHT_BAR
from evals.bench.in_flight import CONCURRENCY

HOME = Path(".bench")
PINNED = ("oxedi==0.6.0", "polars==2.1.0", "openx12==0.2.1", "pyx12==4.0.0")
CLAIMS, FEW_CLAIMS = 20_000, 500
BAR_SPEED, BAR_MEMORY = 10.0, 100.0  # MB/s to typed objects; MB of resident memory at peak
BASELINE = "oxedi-rows"
BAR_CASEWORK = 50.0  # milliseconds of processor time a denial, letters and PDF aside
WORKED = ("cedar", "birch", "alder")


class Reader(Struct):
    """One reader of the table: what it makes of the file, its command, and what was measured."""

    name: str
    makes: str
    command: list[str]
    few: bool = False
    speeds: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)

    @property
    def speed(self) -> float:
        """Median MB/s (10^6 bytes)."""
        return statistics.median(self.speeds)


def main() -> int:
    """Run the benchmark; return 0 when the bars are met, 1 when one is missed."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each reader is measured (default 5)")
    rounds = parser.parse_args().rounds
    console = Console()
    HOME.mkdir(exist_ok=True)
    python = _peers_python(console)
    whole, few = _file(CLAIMS), _file(FEW_CLAIMS)
    readers = _readers(python, whole, few)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("measuring", total=rounds * len(readers))
        for _ in range(rounds):
            for reader in readers:
                _measure(reader, few if reader.few else whole)
                progress.advance(task)
    console.print(_table(readers, whole))
    return max(_verdict(readers, console), _casework(console), _in_flight(console))


def _peers_python(console: Console) -> str:
    """Make the peers' environment unless it is there with these versions; return its Python."""
    home = HOME / "venv"
    python = str((home / "bin" / "python").absolute())
    stamp = home / "pinned"
    if not stamp.exists() or stamp.read_text() != "\n".join(PINNED):
        console.print(f"installing {', '.join(PINNED)} into {home}")
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PINNED], check=True)
        stamp.write_text("\n".join(PINNED))
    return python


def _file(claims: int) -> Path:
    path = (HOME / f"remit-{claims}.835").absolute()
    path.write_bytes(generate_remit(claims))
    return path


def _readers(python: str, whole: Path, few: Path) -> list[Reader]:
    ours = [sys.executable, "-m", "evals.bench.ours", str(whole)]
    peers = str(Path(__file__).with_name("peers.py"))
    return [
        Reader("overturn", "typed claims and lines, checked, one by one", [*ours, "stream"]),
        Reader("overturn-keep", "the same, all kept in a list", [*ours, "keep"]),
        *(
            Reader(name, makes, [python, peers, str(few if slow else whole), str(few), name], slow)
            for name, makes, slow in (
                ("oxedi-tables", "Arrow tables, no Python objects (Rust)", False),
                ("oxedi-rows", "its five tables' rows as tuples", False),
                ("oxedi-named-rows", "the same rows as dicts", False),
                ("openx12", "nested dicts, float money", False),
                ("pyx12", f"validated segment tree ({FEW_CLAIMS} claims)", True),
            )
        ),
    ]


def _measure(reader: Reader, file: Path) -> None:
    done = subprocess.run(reader.command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{reader.name} failed:\n{done.stderr[-2000:]}")
    measured = json.loads(done.stdout)
    expected = FEW_CLAIMS if reader.few else CLAIMS
    if measured["claims"] != expected:
        raise SystemExit(f"{reader.name} read {measured['claims']} claims, not {expected}")
    reader.speeds.append(file.stat().st_size / 1e6 / measured["seconds"])
    reader.peaks.append(measured["peak_mb"])


def _table(readers: list[Reader], file: Path) -> Table:
    size = file.stat().st_size / 1e6
    table = Table(title=f"835 reader: one ST of {CLAIMS:,} claims, {size:.1f} MB; medians")
    for column in ("reader", "makes", "MB/s", f"of {BASELINE}", "peak MB"):
        table.add_column(column, justify="left" if column in ("reader", "makes") else "right")
    baseline = next(reader.speed for reader in readers if reader.name == BASELINE)
    for reader in readers:
        ratio = f"{reader.speed / baseline:.2f}"
        peak = f"{statistics.median(reader.peaks):.0f}"
        table.add_row(reader.name, reader.makes, f"{reader.speed:.1f}", ratio, peak)
    return table


def _casework(console: Console) -> int:
    """Measure the work a denial takes on the development practices, and say whether it keeps below the bar."""
    command = [sys.executable, "-m", "evals.bench.casework", *WORKED]
    measured = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    met = measured["ms"] <= BAR_CASEWORK
    says = f"at most {BAR_CASEWORK:.0f} ms of processor time a denial, files aside"
    shown = f"{measured['ms']:.0f} ms over {measured['denials']} denials; {measured['files_ms']:.0f} ms more for files"
    console.print(f"{'met   ' if met else 'MISSED'} {says}: {shown}")
    return 0 if met else 1


def _in_flight(console: Console) -> int:
    """Measure many denials against a slow model, and say how near the ideal they finish."""
    command = [sys.executable, "-m", "evals.bench.in_flight"]
    measured = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    met = measured["ratio"] <= IN_FLIGHT_BAR
    says = f"{measured['askings']:.0f} askings of 2 s, {CONCURRENCY} at once, within {IN_FLIGHT_BAR} times the ideal"
    console.print(f"{'met   ' if met else 'MISSED'} {says}: {measured['seconds']:.1f} s, {measured['ratio']:.2f} times")
    return 0 if met else 1


def _verdict(readers: list[Reader], console: Console) -> int:
    ours = readers[0]
    baseline = next(reader.speed for reader in readers if reader.name == BASELINE)
    bars = (
        (f"at least {BAR_SPEED:.0f} MB/s to typed objects", ours.speed >= BAR_SPEED),
        (f"at least as fast as {BASELINE}", ours.speed >= baseline),
        (f"under {BAR_MEMORY:.0f} MB at peak", max(ours.peaks) < BAR_MEMORY),
    )
    for says, met in bars:
        console.print(f"{'met   ' if met else 'MISSED'} {says}")
    return 0 if all(met for _, met in bars) else 1


if __name__ == "__main__":
    sys.exit(main())

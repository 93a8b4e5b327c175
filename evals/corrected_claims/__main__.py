"""Run the corrected-claims evaluation: `python -m evals.corrected_claims`. Prints JSON; exit code 1 on a failure."""

import sys
from pathlib import Path

import msgspec

from evals.corrected_claims.run import run

_HERE = Path(__file__).resolve()


def main(*, text: bool = False) -> int:
    """Run it with the checkout's own validator environment and sample practices; `text` tells people."""
    report = run(_HERE.parents[2] / ".bench" / "venv", _HERE.parents[1] / "practices")
    if text:
        told = [f"corrected claims: {report.tried} tried, {report.failed} failed, {len(report.refused)} refused"]
        told += [f"  not opened, kept for proving: {', '.join(report.left_out)}"] if report.left_out else []
        told += [f"  {failure.name}: {'; '.join(failure.errors)}" for failure in report.failures]
        sys.stdout.write("\n".join(told) + "\n")
    else:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Run the corrected-claims evaluation: `python -m evals.corrected_claims`. Prints JSON; exit code 1 on a failure."""

import sys
from pathlib import Path

import msgspec

from evals.corrected_claims.run import run

_HERE = Path(__file__).resolve()


def main() -> int:
    """Run it with the checkout's own validator environment and sample practices."""
    report = run(_HERE.parents[2] / ".bench" / "venv", _HERE.parents[1] / "practices")
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Rewrite a sample practice from its specification: `python -m evals.practices.building cedar [--check]`."""

import argparse
import sys
from pathlib import Path

from evals.practices.building.reading import read_spec
from evals.practices.building.rendering import FOLDER, render

PRACTICES = Path(__file__).parents[1]


def main() -> int:
    """Write the files, or with --check say which differ (exit code 1 when any does)."""
    parser = argparse.ArgumentParser(prog="python -m evals.practices.building", description=__doc__)
    parser.add_argument("practice", help="name of a directory below evals/practices that holds a spec")
    parser.add_argument("--check", action="store_true", help="write nothing; report files that differ")
    asked = parser.parse_args()
    home = PRACTICES / asked.practice
    files = render(read_spec(home / "spec"))
    differing = [name for name, data in files.items() if not _same(home / name, data)]
    stray = _stray(home, set(files))
    if asked.check:
        sys.stdout.writelines(f"differs: {name}\n" for name in differing + stray)
        return 1 if differing or stray else 0
    for name in stray:
        (home / name).unlink()
    for name in differing:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(files[name])
    sys.stdout.write(f"{len(files)} files, {len(differing)} written, {len(stray)} removed\n")
    return 0


def _same(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _stray(home: Path, known: set[str]) -> list[str]:
    found = (path.relative_to(home).as_posix() for path in (home / FOLDER).rglob("*") if path.is_file())
    return sorted(name for name in found if name not in known)


if __name__ == "__main__":
    raise SystemExit(main())

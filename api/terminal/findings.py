"""List what was noticed in files: where it stands and what it says, the worst first."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from api.terminal.words import count, plain
from knowledge.types.reading import ReadingFinding, Severity

CAP = 20
_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}
_STYLES: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "info": "dim"}
_NOUNS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def where(finding: ReadingFinding) -> str:
    """Say where a finding stands: file and line, or file, segment, byte and loop."""
    if finding.where.startswith(finding.file):
        return plain(finding.where or "?")
    parts = [finding.file, finding.where]
    if finding.place is not None:
        parts += [f"segment {finding.place.segment}", f"byte {finding.place.byte}"]
        parts += [f"loop {finding.place.loop}"] if finding.place.loop else []
    return plain(", ".join(part for part in parts if part))


def counts(findings: Sequence[ReadingFinding]) -> str:
    """Count findings by severity: 2 errors, 1 warning, 4 notes."""
    found = Counter(finding.severity for finding in findings)
    said = [count(found[severity], _NOUNS[severity]) for severity in _ORDER if found[severity]]
    return ", ".join(said) or "nothing to remark"


def show_findings(console: Console, findings: Sequence[ReadingFinding], cap: int | None = CAP, more: str = "") -> None:
    """Print findings, worst first, at most `cap` (None = all); `more` says how to see the rest."""
    ordered = sorted(
        findings,
        key=lambda finding: (_ORDER[finding.severity], finding.file, finding.place.segment if finding.place else 0),
    )
    for finding in ordered[:cap]:
        style = _STYLES[finding.severity]
        label = f"{_NOUNS[finding.severity]:>7}  "
        console.print(
            Text.assemble((label, style), (where(finding), "bold"), ": ", plain(finding.says)), soft_wrap=True
        )
    if cap is not None and len(ordered) > cap:
        console.print(Text(f"         and {len(ordered) - cap:,} more{more}", "dim"))

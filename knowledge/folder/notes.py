"""Collects what was noticed in one file, with file and line."""

from knowledge.types.reading import ReadingFinding, Severity


class Notes:
    """The findings of one file, in the order they were made."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._findings: list[ReadingFinding] = []

    def add(self, severity: Severity, code: str, says: str, line: int | None = None) -> None:
        """Note one finding; `line` counts from 1 in the file, None = the file as a whole."""
        where = self.file if line is None else f"{self.file}:{line}"
        self._findings.append(ReadingFinding(severity=severity, code=code, says=says, file=self.file, where=where))

    @property
    def findings(self) -> tuple[ReadingFinding, ...]:
        """Everything noted so far."""
        return tuple(self._findings)

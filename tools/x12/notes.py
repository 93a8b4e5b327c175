"""Collect findings while reading one transaction: single ones with their place, repeated ones counted."""

from knowledge.types.reading import Place, ReadingFinding, Severity


class Notes:
    """The findings of one reading, in the order they were made."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._made: list[ReadingFinding] = []
        self._counted: dict[tuple[str, str], tuple[int, Place]] = {}

    def add(self, severity: Severity, code: str, says: str, place: Place, where: str = "") -> None:
        """Make one finding."""
        self._made.append(ReadingFinding(severity, code, says, self.file, place, where))

    def count(self, code: str, what: str, place: Place) -> None:
        """Count one more of `what`; one finding for all of them is made by `counted`."""
        seen, first = self._counted.get((code, what), (0, place))
        self._counted[code, what] = (seen + 1, first)

    @property
    def pending(self) -> bool:
        """Whether `take` would return anything."""
        return bool(self._made)

    def take(self) -> list[ReadingFinding]:
        """Return the single findings made since the last call."""
        made, self._made = self._made, []
        return made

    def counted(self) -> list[ReadingFinding]:
        """Return one warning for each kind of thing counted, with how often it came and where first."""
        findings = [
            ReadingFinding("warning", code, f"{what}: {_times(seen)}", self.file, place)
            for (code, what), (seen, place) in sorted(self._counted.items())
        ]
        self._counted.clear()
        return findings


def _times(seen: int) -> str:
    return "once, here" if seen == 1 else f"{seen} times, first here"

"""One CSV row's cells as typed values; what does not fit is kept as a reason not to use the row."""

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from knowledge.folder.written import as_amount, as_codes, as_day, as_diagnoses
from knowledge.payers import PayerDirectory

_HCPCS = re.compile(r"[A-Z0-9]\d{3}[A-Z0-9]", re.ASCII)
_SPREADSHEET = re.compile(r"\d(\.\d+)?E\+\d+", re.ASCII | re.IGNORECASE)


class Cells:
    """The cells of one row by column. `problems` make it unusable, `doubts` (code, sentence) do not."""

    def __init__(self, source: str, raw: str, cells: dict[str, str], payers: PayerDirectory | None) -> None:
        self.source = source
        self.raw = raw
        self._cells = cells
        self._payers = payers
        self.problems: list[str] = []
        self.doubts: list[tuple[str, str]] = []

    def text(self, column: str) -> str:
        """Give the cell without surrounding blanks; "" when blank or the column is not there."""
        return self._cells.get(column, "")

    def needed(self, column: str) -> str:
        """Give a cell that must not be blank nor run over lines."""
        text = self.text(column)
        if not text:
            self.problems.append(f"{column} is blank")
        if "\n" in text:
            self.problems.append(f"{column} runs over two lines; a quote before it may be stray")
        return text

    def identifier(self, column: str, needed: bool = False) -> str:
        """Give an id or number kept as text; one that a spreadsheet has rewritten (8.1E+11) is doubted."""
        text = self.needed(column) if needed else self.text(column)
        if _SPREADSHEET.fullmatch(text):
            says = f"{column} {text!r} looks rewritten by a spreadsheet; restore the number as text"
            self.doubts.append(("identifier-odd", says))
        return text

    def payer(self, column: str = "payer_id") -> str:
        """Give the payer's own id; a name that payers.yaml does not settle is kept as it is, and doubted."""
        text = self.needed(column)
        if not text or self._payers is None:
            return text
        match = self._payers.find(text)
        if match.payer is not None:
            return match.payer.id
        self.doubts.append(("payer-unknown", f"{column}: {match.says}"))
        return text

    def day(self, column: str) -> date | None:
        """Read YYYY-MM-DD; None when blank."""
        text = self.text(column)
        day = as_day(text) if text else None
        if text and day is None:
            self.problems.append(f"{column} {text!r} is no day; expected YYYY-MM-DD")
        return day

    def amount(self, column: str) -> Decimal | None:
        """Read a number of 0 or more; None when blank."""
        text = self.text(column)
        number = as_amount(text) if text else None
        if text and number is None:
            self.problems.append(f"{column} {text!r} is no plain number of 0 or more")
        return number

    def choice(self, column: str, allowed: Collection[str], needed: bool = False) -> str | None:
        """Read one of `allowed`, upper and lower case alike; None when blank."""
        text = self.needed(column) if needed else self.text(column)
        word = text.lower()
        if not text or word in allowed:
            return word or None
        self.problems.append(f"{column} {text!r} is not known; expected one of {', '.join(allowed)}")
        return None

    def hcpcs(self, column: str = "hcpcs") -> tuple[str, ...]:
        """Read procedure codes; one of another form than five letters and digits is doubted."""
        codes = as_codes(self.text(column))
        odd = [code for code in codes if not _HCPCS.fullmatch(code)]
        if odd:
            self.doubts.append(("code-odd", f"{column} {' '.join(odd)}: no procedure code (expected like J9271)"))
        return codes

    def diagnoses(self, column: str) -> tuple[str, ...]:
        """Read diagnosis codes, upper case without dots."""
        return as_diagnoses(self.text(column))

    def span(self, start: str = "start_date", end: str = "end_date") -> tuple[date | None, date | None]:
        """Read a first and a last day; a last before the first is doubted and kept."""
        first, last = self.day(start), self.day(end)
        if first is not None and last is not None and last < first:
            says = f"{end} {last} is before {start} {first}: no day lies within; correct one of them"
            self.doubts.append(("end-before-start", says))
        return first, last

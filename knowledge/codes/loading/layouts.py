"""The published record layouts, from `layouts.yaml`."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from knowledge.codes.sources import CodeTableError
from knowledge.types.practice import Frozen

_FILE = Path(__file__).with_name("layouts.yaml")


class Columns(Frozen):
    """A table with a header: what each field's column may be called, and which must be there."""

    required: tuple[str, ...]
    names: dict[str, tuple[str, ...]]
    one_of: tuple[str, ...] = ()
    other_methods: str = ""
    remark_code: str = ""
    reason_code: str = ""

    def find(self, header: Sequence[str]) -> dict[str, int] | None:
        """Tell in which column (from 0) each field stands; None when this is no header of such a table."""
        cells = [" ".join(re.findall(r"[a-z0-9]+", cell.lower())) for cell in header]
        found: dict[str, int] = {}
        for field, patterns in self.names.items():
            for index, cell in enumerate(cells):
                if any(re.fullmatch(pattern, cell) for pattern in patterns):
                    found.setdefault(field, index)
        missing = [field for field in self.required if field not in found]
        if missing or (self.one_of and not any(field in found for field in self.one_of)):
            return None
        return found


class Drugs(Frozen):
    """Which procedure codes are drugs."""

    letters: tuple[str, ...]
    betos: tuple[str, ...]
    begins: str


class Layouts(Frozen):
    """Every layout that can be read. A position is the first and last column, counted from 1."""

    hcpcs_fixed: dict[str, tuple[int, int]]
    hcpcs_columns: Columns
    hcpcs_drugs: Drugs
    mue_columns: Columns
    ndc_columns: Columns
    reason_columns: Columns


@cache
def layouts() -> Layouts:
    """Load the layouts once.

    Raises:
        CodeTableError: when the file beside this one is not of the expected form.
    """
    try:
        return Layouts.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise CodeTableError(f"{_FILE.name}: {error}; restore the file") from error

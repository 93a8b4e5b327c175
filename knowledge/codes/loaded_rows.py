"""Rows of tables loaded into a home: what the published file says, and nothing of our own."""

from datetime import date
from decimal import Decimal

from knowledge.codes.columns import Codes
from knowledge.codes.hcpcs import Unit
from knowledge.types.practice import Frozen


class LoadedDrug(Frozen):
    """A drug code of the HCPCS file. `changed` is the day of its last `action`; both days of validity inclusive."""

    code: str
    added: date | None = None
    terminated: date | None = None
    changed: date | None = None
    action: str = ""
    generic: str = ""
    unit_qty: Decimal | None = None
    unit_uom: Unit | None = None
    unit_text: str = ""


class LoadedReason(Frozen):
    """A reason code of a licensed list; a blank leaves what the shipped table says. `stop` is its last day."""

    code: str
    start: date | None = None
    stop: date | None = None
    meaning: str = ""
    nature: str = ""
    denial_by_default: bool | None = None
    category: str = ""
    action: str = ""
    group_restriction: Codes = ()
    remark_required: bool | None = None
    successors: Codes = ()
    note: str = ""


class LoadedRemark(Frozen):
    """A remark of a licensed list; a blank leaves what the shipped table says. `stop` is its last day."""

    code: str
    start: date | None = None
    stop: date | None = None
    meaning: str = ""
    category: str = ""
    resolves: str = ""
    actionable: bool | None = None
    alert: bool | None = None

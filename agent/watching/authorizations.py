"""Which authorization the next dose stands under, and what is wrong with it: each fault with its arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from agent.watching.next_dose import NextAmount
from agent.watching.treatment import drug_key
from knowledge.codes import HcpcsTable
from knowledge.types.chart import Amount
from knowledge.types.practice import Authorization, Frozen
from tools.denials.identity import squeeze
from tools.dosing.authorized import Allowed, UsedBefore, allowed, left_over, used_before
from tools.dosing.units import in_mg


class Fault(Frozen):
    """One thing wrong for the next dose: its kind, what, what to do, and the rows it rests on."""

    kind: str
    says: str
    to_do: str
    rows: tuple[str, ...] = ()
    auth_number: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A dose given before: its units, the authorization number its claim names, and where it stands."""

    day: date
    code: str
    units: Decimal | None
    named: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """The next dose as an authorization is asked for it. Empty sets are not known and not compared."""

    code: str
    drug: str
    day: date
    payer: str
    amount: NextAmount
    diagnoses: tuple[str, ...] = ()
    charted: tuple[str, ...] = ()
    npis: frozenset[str] = frozenset()
    place: str = ""


class Judged(Frozen):
    """What is wrong, and what was not compared because something is not known. `on_file` False = no row at all."""

    faults: tuple[Fault, ...] = ()
    unclear: tuple[str, ...] = ()
    on_file: bool = True


def judge(rows: Sequence[Authorization], need: Need, taken: Sequence[Taken], table: HcpcsTable) -> Judged:
    """Hold the member's rows with the payer against the next dose: one row that covers it whole is enough.

    Rows for the code in force on the day come first, then those for it at another time, then those for another product
    of the drug, then those that were denied, pended or voided. Both ends of a row's dates count.
    """
    coded = [row for row in rows if not row.hcpcs or need.code in {code.upper() for code in row.hcpcs}]
    approved = [row for row in coded if row.status == "approved"]
    in_force = [row for row in approved if in_dates(row, need.day)]
    waiting = _waiting(coded, need)
    if in_force:
        judged = [_compare(row, need, shares(row, approved, taken), table) for row in in_force]
        return min(judged, key=lambda found: (len(found.faults), len(found.unclear)))
    if approved:
        return Judged(faults=(_out_of_dates(approved, need, waiting),))
    family = [row for row in rows if row.hcpcs and row not in coded and _is_product(row, need, table)]
    other = [row for row in family if row.status == "approved" and in_dates(row, need.day)]
    if other:
        return Judged(faults=(_other_code(other[0], need, waiting),))
    refused = [row for row in (*coded, *family) if row.status != "approved" and not _over(row, need.day)]
    if refused:
        return Judged(faults=(_refused(refused, need),))
    return Judged(on_file=False)


def in_dates(row: Authorization, day: date) -> bool:
    """Tell whether a row is in force on a day, first and last day included; a blank end is open."""
    return (row.start_date is None or row.start_date <= day) and not _over(row, day)


def shares(row: Authorization, approved: Sequence[Authorization], taken: Sequence[Taken]) -> tuple[Taken, ...]:
    """Return the doses that count against `row`: those whose claim names it; unnamed ones count on the first to end."""
    ordered = sorted(approved, key=lambda held: (held.end_date or date.max, held.start_date or date.min, held.source))
    found = []
    for dose in taken:
        fitting = [held for held in ordered if _fits(held, dose)]
        named = [held for held in fitting if squeeze(held.auth_number) in {squeeze(name) for name in dose.named}]
        chosen = (named or fitting)[:1]
        if chosen and chosen[0] is row:
            found.append(dose)
    return tuple(found)


def _fits(row: Authorization, dose: Taken) -> bool:
    return in_dates(row, dose.day) and (not row.hcpcs or dose.code.upper() in {code.upper() for code in row.hcpcs})


def _compare(row: Authorization, need: Need, taken: Sequence[Taken], table: HcpcsTable) -> Judged:
    faults, unclear = [], []
    if row.diagnosis_codes and need.diagnoses:
        if not any(_covers(code, billed) for code in row.diagnosis_codes for billed in need.diagnoses):
            given_for = f"{need.code} is given for {_list(need.diagnoses)}"
            says = f"{row.auth_number} is for {_list(row.diagnosis_codes)}; {given_for}"
            fitting = [code for code in need.charted if any(_covers(wanted, code) for wanted in row.diagnosis_codes)]
            to_do = f"Have a coder settle the diagnosis, and ask {need.payer} to add it to {row.auth_number}"
            if fitting:
                to_do = f"The chart carries {_list(fitting)}, which is authorized: have a coder settle which one it is"
            faults.append(_fault("auth-other-diagnosis", says, to_do, row))
    elif row.diagnosis_codes:
        unclear.append("diagnosis not compared: none is billed or charted")
    faults += _place_faults(row, need)
    if row.place_of_service and not need.place:
        unclear.append(f"place of service not compared: {row.auth_number} is for {row.place_of_service}")
    short, why = _amount_faults(row, need, taken, table)
    return Judged(faults=(*faults, *short), unclear=(*unclear, *why))


def _place_faults(row: Authorization, need: Need) -> list[Fault]:
    wrong = []
    if row.servicing_npi and need.npis and row.servicing_npi not in need.npis:
        wrong.append((f"NPI {row.servicing_npi}", f"NPI {_list(sorted(need.npis))}"))
    if row.place_of_service and need.place and row.place_of_service != need.place:
        wrong.append((f"place of service {row.place_of_service}", f"place of service {need.place}"))
    if not wrong:
        return []
    says = "; ".join(f"{row.auth_number} is for {wanted}, billed so far with {ours}" for wanted, ours in wrong)
    to_do = f"Ask {need.payer} to change provider or site on {row.auth_number}, or treat where it is authorized"
    return [_fault("auth-other-provider-or-site", says, to_do, row)]


def _amount_faults(
    row: Authorization, need: Need, taken: Sequence[Taken], table: HcpcsTable
) -> tuple[list[Fault], list[str]]:
    drug = table.lookup(need.code, need.day)
    unit = in_mg(Amount(value=drug.unit_qty, unit=drug.unit_uom)) if drug and drug.unit_qty and drug.unit_uom else None
    vials = [in_mg(Amount(value=v.amount, unit=v.unit)) for v in table.vials(need.code) if v.amount and v.unit]
    granted = allowed(row, unit, tuple(size for size in vials if size is not None))
    known = [(dose.day, dose.units or Decimal(0)) for dose in taken]
    used = used_before(known, row.start_date, row.end_date, need.day + timedelta(days=1))
    faults, unclear = [], list(granted.missing)
    if granted.doses is not None and granted.doses - used.doses < 1:
        spent = f"{_doses(used)} used them ({', '.join(str(day) for day in used.days)})"
        says = f"{row.auth_number} covers {_n(granted.doses)} doses; {spent}: none is left"
        to_do = f"Ask {need.payer} for further doses on {row.auth_number}, or a new authorization"
        faults.append(_fault("auth-doses-used-up", says, to_do, row))
    faults += _unit_faults(row, need, granted, used, taken)
    limited = granted.per_dose is not None or (granted.total is not None and row.per == "total")
    if limited and need.amount.units is None:
        unclear.append(f"units of {row.auth_number} not compared: {need.amount.how}")
    silent = [dose for dose in taken if dose.units is None and dose.day in used.days]
    if silent and row.per == "total":
        unclear.append(f"units of the dose of {silent[0].day} are not known: {row.auth_number} may have less left")
    return faults, unclear


def _unit_faults(
    row: Authorization, need: Need, granted: Allowed, used: UsedBefore, taken: Sequence[Taken]
) -> list[Fault]:
    units = need.amount.units
    if units is None:
        return []
    needs = f"the next dose needs {_n(units)} units ({need.amount.how})"
    if granted.per_dose is not None and units > granted.per_dose:
        says = f"{granted.says} allows {_n(granted.per_dose)} units; {needs}: {_n(units - granted.per_dose)} too few"
        to_do = f"Ask {need.payer} to amend {row.auth_number} to {_n(units)} units a dose; bill what is given"
        return [_fault("auth-units-short", says, to_do, row)]
    left = left_over(granted.total, used) if row.per == "total" else None
    if left is None or left >= units:
        return []
    listed = ", ".join(f"{dose.day}: {_n(dose.units or Decimal(0))}" for dose in taken if dose.day in used.days)
    spent = f"{_doses(used)} took {_n(used.units)} ({listed})" if used.doses else "none is used"
    total = _n(granted.total or Decimal(0))
    rest = f"{_n(left)} left" if left >= 0 else f"none left ({_n(-left)} over)"
    says = f"{granted.says} is {total} units; {spent}: {rest}, and {needs}"
    to_do = (
        f"Ask {need.payer} to add at least {_n(units - left)} units to {row.auth_number}, or for a new authorization"
    )
    return [_fault("auth-units-short", says, to_do, row)]


def _out_of_dates(approved: Sequence[Authorization], need: Need, waiting: str) -> Fault:
    ended = [row for row in approved if _over(row, need.day)]
    coming = [row for row in approved if row not in ended]
    if coming:
        row = min(coming, key=lambda held: (held.start_date or date.min, held.source))
        gap = max((held.end_date for held in ended if held.end_date is not None), default=None)
        before = f"; the one before ended {gap}" if gap else ""
        says = f"{row.auth_number} is in force only from {row.start_date}{before}"
        to_do = (
            f"Ask {need.payer} to let {row.auth_number} begin by {need.day}, or give the dose from {row.start_date} on"
        )
        return _fault("auth-not-yet-in-force", says + waiting, to_do, row)
    row = max(ended, key=lambda held: (held.end_date or date.min, held.source))
    assert row.end_date is not None  # only a row with an end is over
    days = (need.day - row.end_date).days
    says = f"{row.auth_number} ends {row.end_date}, {days} {'day' if days == 1 else 'days'} before {need.day}"
    to_do = f"Ask {need.payer} to extend {row.auth_number} or for a new authorization of {need.code}"
    return _fault("auth-ends-before", says + waiting, to_do, row)


def _other_code(row: Authorization, need: Need, waiting: str) -> Fault:
    says = f"{row.auth_number} is for {_list(row.hcpcs)}, another product than {need.code}, which is ordered or given"
    to_do = f"Ask {need.payer} to add {need.code} to {row.auth_number}, or have the prescriber order what it covers"
    return _fault("auth-other-code", says + waiting, to_do, row)


def _refused(rows: Sequence[Authorization], need: Need) -> Fault:
    row = max(rows, key=lambda held: (held.decided_on or held.start_date or date.min, held.source))
    on = f" on {row.decided_on}" if row.decided_on else ""
    why = f" ({row.denial_reason})" if row.denial_reason else ""
    to_do = {
        "denied": f"Appeal {row.auth_number} or ask {need.payer} anew with what was missing; a physician may call",
        "pended": f"Get {need.payer}'s decision on {row.auth_number}, and send what it waits for",
        "voided": f"Ask {need.payer} why {row.auth_number} was voided, and for a new authorization of {need.code}",
    }[row.status]
    return _fault(
        f"auth-{row.status}", f"{row.auth_number} for {_list(row.hcpcs)} is {row.status}{on}{why}", to_do, row
    )


def _waiting(coded: Sequence[Authorization], need: Need) -> str:
    """Say that a request for the time in question is pended or was denied; "" when none is."""
    open_rows = [row for row in coded if row.status in ("pended", "denied") and not _over(row, need.day)]
    return "".join(f"; {row.auth_number} is {row.status}" for row in open_rows)


def _is_product(row: Authorization, need: Need, table: HcpcsTable) -> bool:
    return any(drug_key(code, "", need.day, table) == need.drug for code in row.hcpcs)


def _over(row: Authorization, day: date) -> bool:
    return row.end_date is not None and row.end_date < day


def _covers(authorized: str, billed: str) -> bool:
    """Tell whether an authorized diagnosis covers a billed one: the same, or its category."""
    wanted = authorized.replace(".", "").upper()
    return billed == wanted or (len(wanted) <= 4 and billed.startswith(wanted))


def _fault(kind: str, says: str, to_do: str, row: Authorization) -> Fault:
    return Fault(kind=kind, says=says, to_do=to_do, rows=(row.source,), auth_number=row.auth_number)


def _doses(used: UsedBefore) -> str:
    return f"{used.doses} {'dose' if used.doses == 1 else 'doses'}"


def _list(items: Sequence[str]) -> str:
    return ", ".join(items) or "any code"


def _n(value: Decimal) -> str:
    return f"{value.normalize():f}"

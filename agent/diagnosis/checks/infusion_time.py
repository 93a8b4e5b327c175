"""Facts about infusion lines: whether the day's times come to what is billed, and which service is the initial one."""

from agent.diagnosis import sources
from agent.diagnosis.checks.duplicates import DISTINCT
from agent.diagnosis.infusions import Run, runs_on
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, listed, number
from knowledge.codes.administration import Administration
from knowledge.types.claim import ClaimLine
from knowledge.types.evidence import Fact
from tools.dosing.infusion import PUSH_MINUTES, hydration_units, infusion_units

GET_CLAIM = ("the claim as submitted (837)",)
GET_RECORD = ("the infusion record with start and stop",)
_TIMED = ("chemo_infusion", "infusion", "hydration")


def _by_role(q: Inquiry, *roles: str) -> list[ClaimLine]:
    claim, served = q.case.claim, q.case.denial.line.service_date if q.case.denial.line else q.service_date
    lines = [line for line in claim.lines if line.start_date in (served, None)] if claim else []
    return [line for line in lines if (row := q.codes.administration.lookup(line.hcpcs)) and row.role in roles]


@check
def infusion_hierarchy_broken(q: Inquiry) -> Fact:
    """Whether the day has two initial services without a mark of a second site, or an add-on without its base.

    Facts 3.1: one initial code an encounter and access. The same initial code twice, called a duplicate by the payer,
    is a second drug under the wrong code only when the record shows two drugs run one after the other.
    """
    if q.case.claim is None:
        return unknown("The claim as submitted is not in the records", missing=GET_CLAIM)
    if q.case.line is not None and q.case.line.hcpcs.startswith("99"):
        return no(f"{q.case.line.hcpcs} is a visit: the order of infusion codes does not touch it")
    initial = [line for line in _by_role(q, "initial") if not set(line.modifiers) & DISTINCT]
    added = _by_role(q, "further_hour", "further_drug", "sequential")
    values = {"service_date": day(q.service_date)}
    codes = {line.hcpcs for line in initial}
    if len(initial) > 1:
        kept = [sources.claim_line(q, line) for line in initial]
        if len(codes) == 1 and q.carcs & {"18", "B13"}:
            return _second_drug(q, initial, kept)
        says = (
            f"{listed(sorted(line.hcpcs for line in initial))} are both initial services"
            " and neither is marked as a separate site or visit"
        )
        return yes(says, *kept, hierarchy_fault=says, **values)
    if added and not _by_role(q, "initial", "prolonged_start"):
        says = f"{added[0].hcpcs} is an add-on and no initial service stands on the claim"
        return yes(says, sources.claim_line(q, added[0]), hierarchy_fault=says, **values)
    return no("One initial service, and every add-on has its base")


def _second_drug(q: Inquiry, initial: list[ClaimLine], kept: list[str]) -> Fact:
    served = initial[0].start_date or q.service_date
    code = initial[0].hcpcs
    row = q.codes.administration.lookup(code)
    runs = _of_kind(runs_on(q, served), row) if served is not None and row is not None else ()
    timed = [run for run in runs if run.minutes is not None]
    if not runs:
        return unknown("What ran that day is not charted", *kept, missing=GET_RECORD)
    if len({run.stem for run in runs}) < 2:
        return no(f"One drug ran that day: a second {code} is no second drug", *kept, *(run.evidence for run in runs))
    if len(timed) < 2:
        return unknown("The times of the second drug are not charted", *kept, missing=GET_RECORD)
    second = next((run for run in timed[1:] if run.stem != timed[0].stem), None)
    if second is None:
        return unknown("The times of the second drug are not charted", *kept, missing=GET_RECORD)
    says = f"{code} is billed twice; {second.says} ran second, and one access has one initial service"
    return yes(
        says,
        *kept,
        *(run.evidence for run in timed),
        hierarchy_fault=says,
        service_date=day(served),
        second=second.says,
    )


@check
def infusion_time_supports_units(q: Inquiry) -> Fact:
    """Whether charted start and stop times come to the hours billed (facts 4.5: the 31-minute rule)."""
    row, denied = _infusion(q), q.case.denial.line
    if row is None:
        return unknown("The denied line is no infusion")
    served, line = denied.service_date if denied else None, q.case.line
    if q.case.chart is None or served is None or line is None or line.units is None:
        return unknown("Chart or claim line is not at hand", missing=GET_RECORD)
    runs = _of_kind(runs_on(q, served), row)
    if not runs:
        return unknown("No administration is charted that day", missing=GET_RECORD)
    evidence = (sources.claim_line(q, line), *(run.evidence for run in runs))
    values = {"admin_code": line.hcpcs, "admin_units": number(line.units), "service_date": day(served)}
    fault = _fault(row, int(line.units), runs)
    if fault and any(run.unread for run in runs):
        return unknown("The note has times that are not surely read", *evidence, missing=GET_RECORD)
    if fault:
        return no(fault, *evidence, time_fault=fault, **values)
    longest = max(run.minutes or 0 for run in runs)
    proof = f"the longest infusion ran {longest} minutes, which supports the units billed"
    return yes(proof, *evidence, time_proof=proof, **values)


def _fault(row: Administration, units: int, runs: tuple[Run, ...]) -> str:
    """Say why the times do not come to the units, "" when they do. What other runs prove needs no time of this one."""
    proven = _proven(row, runs)
    if proven >= units:
        return ""
    silent = next((run for run in runs if run.minutes is None), None)
    if silent is not None:
        return f"{silent.drug}: {silent.fault}" if "stop is not" in silent.fault else _missing(silent)
    longest = max(run.minutes or 0 for run in runs)
    if row.role == "further_hour":
        return f"the longest infusion ran {longest} minutes: {proven} further hours, not {units}"
    if row.role == "concurrent":
        return "no two infusions ran at the same time"
    if row.kind == "hydration":
        return f"the hydration ran {longest} minutes by itself, and 30 minutes or less are not billed"
    if row.role == "sequential":
        ran = len([run for run in runs if (run.minutes or 0) > PUSH_MINUTES])
        return f"infusions of 16 minutes or more: {ran}, of which {proven} may follow the first, not {units}"
    return f"the longest infusion ran {longest} minutes, which is a push"


def _missing(run: Run) -> str:
    wanted = {"it has a start and no stop": "stop", "it has a stop and no start": "start"}.get(
        run.fault, "start or stop"
    )
    return f"{wanted} is missing for {run.drug}"


def _proven(row: Administration, runs: tuple[Run, ...]) -> int:
    """Count the units of a code the times prove."""
    timed = [run for run in runs if run.minutes is not None and run.minutes > 0]
    if row.kind == "hydration":
        units = [hydration_units(run.minutes or 1) for run in timed]
        billable = [unit for unit in units if unit.kind == "infusion"]
        return sum(unit.further_hours for unit in billable) if row.role == "further_hour" else min(1, len(billable))
    if row.role == "concurrent":
        return int(any(_together(one, other) for one in timed for other in timed if one is not other))
    infusions = [unit for unit in (infusion_units(run.minutes or 1) for run in timed) if unit.kind == "infusion"]
    if row.role == "further_hour":
        return sum(unit.further_hours for unit in infusions)
    if row.role == "sequential":
        before = 1 if row.kind == "chemo_infusion" else 0
        return max(0, len(infusions) - before)
    return min(1, len(infusions))


def _together(one: Run, other: Run) -> bool:
    if one.start is None or one.stop is None or other.start is None or other.stop is None:
        return False
    return one.start < other.stop and other.start < one.stop


def _of_kind(runs: tuple[Run, ...], row: Administration) -> tuple[Run, ...]:
    """Keep the runs a code is about: chemotherapy for its codes, hydration for its own, the rest for the others."""
    if row.kind == "hydration":
        return tuple(run for run in runs if run.hydration)
    runs = tuple(run for run in runs if not run.hydration)
    if row.role == "concurrent":
        return runs
    wanted = tuple(run for run in runs if run.chemotherapy == (row.kind == "chemo_infusion"))
    return wanted or runs


def _infusion(q: Inquiry) -> Administration | None:
    """Return the row of the denied line's code; None when no time is billed by it."""
    denied = q.case.denial.line
    row = q.codes.administration.lookup(denied.hcpcs) if denied and denied.hcpcs else None
    return row if row is not None and row.kind in _TIMED and row.role != "prolonged_start" else None


ASKS_FOR_TIME = frozenset({"150", "152", "151", "153", "16", "252", "226"})
"""Reasons by which a payer asks whether the record bears the hours; others only hide that it does not."""


@check
def infusion_times_answer(q: Inquiry) -> Fact:
    """Whether the chart answers the question of the infusion's hours at all, either way.

    A payer that bundles an add-on hour (97, 236) asks another question: there only hours the record surely does not
    reach are an answer (facts 4.5; an hour that was run and bundled is bundling).
    """
    row = _infusion(q)
    if row is None:
        return no("The denied line is no infusion")
    found = q.fact("infusion-time-supports-units")
    if found.truth == "unknown":
        return found
    if not q.carcs & ASKS_FOR_TIME and not q.remarks & {"N443", "N206"}:
        if found.truth == "confirmed":
            return no(f"The payer does not ask for the hours, and {found.says}", *found.evidence)
        if row.role != "further_hour" or not _timed_surely(q, row):
            return unknown(found.says, *found.evidence, missing=GET_RECORD)
    return yes(found.says, *found.evidence, **found.values)


def _timed_surely(q: Inquiry, row: Administration) -> bool:
    """Tell whether every run of the kind that day has start and stop, so that the hours not reached are sure."""
    served = q.case.denial.line.service_date if q.case.denial.line else None
    runs = _of_kind(runs_on(q, served), row) if served is not None else ()
    return bool(runs) and all(run.minutes is not None and run.minutes > 0 and not run.unread for run in runs)

"""Writes what is true beside the folder: labels.jsonl for denied lines, decoys.jsonl for the others."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from evals.practices.building.clocks import clock
from evals.practices.building.patients import Patient
from evals.practices.building.remits import line_control
from evals.practices.building.settling import SettledClaim, SettledLine
from evals.practices.building.story import Label, Remit, SpecError


@dataclass(frozen=True)
class PolicyRow:
    """The front matter of a policy: whose, for which drugs, in force from when to when (both included)."""

    policy_id: str
    payer: str
    drugs: frozenset[str]
    start: date
    end: date | None

    def covers(self, payer: str, code: str, on: date) -> bool:
        """Say whether this version speaks of the drug at the payer on the day."""
        in_force = self.start <= on and (self.end is None or on <= self.end)
        return in_force and payer == self.payer and code in self.drugs


@dataclass(frozen=True)
class Truth:
    """Everything a label needs: causes with their category, payer rows, remits by key, files by remit key."""

    categories: Mapping[str, str]
    payers: Mapping[str, Mapping[str, Any]]
    remits: Mapping[str, Remit]
    files: Mapping[str, Sequence[str]]
    patients: Mapping[str, Patient]
    auths: frozenset[str]
    policies: Sequence[PolicyRow]


def label_rows(settled: Iterable[SettledClaim], truth: Truth) -> list[dict[str, Any]]:
    """Return a row per denied line, and one per claim that was denied as a whole."""
    rows = []
    for claim in settled:
        if claim.sign < 0:
            continue
        if claim.case.claim_label is not None and claim.claim_adjustments:
            stake = sum((a.amount or Decimal(0) for a in claim.claim_adjustments), Decimal(0))
            rows.append(_label(claim, None, claim.case.claim_label, stake, truth))
        for line in claim.lines:
            if line.answer.label is not None:
                rows.append(_label(claim, line, line.answer.label, line.denied, truth))
    return rows


def decoy_rows(settled: Iterable[SettledClaim], truth: Truth) -> list[dict[str, Any]]:
    """Return a row per line that must not become a denial, with the reason why."""
    rows = []
    for claim in settled:
        if claim.sign < 0:
            continue
        if claim.case.claim_decoy:
            rows.append({**_key(claim, None, truth), "why": claim.case.claim_decoy})
        for line in claim.lines:
            if line.answer.label is None:
                if not line.answer.decoy:
                    raise SpecError(f"{claim.case.id}, line {line.number}: neither label nor decoy")
                rows.append({**_key(claim, line, truth), "why": line.answer.decoy})
    return rows


def json_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Write rows as JSON Lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _key(claim: SettledClaim, line: SettledLine | None, truth: Truth) -> dict[str, Any]:
    remit = truth.remits[claim.remit]
    key: dict[str, Any] = {
        "case": claim.case.id,
        "remit_files": list(truth.files[claim.remit]),
        "payer_id": claim.case.payer,
        "trace_number": remit.trace,
        "claim_id": claim.case.claim,
        "payer_claim_number": claim.icn,
        "line": None,
    }
    if line is not None:
        key["line"] = {
            "hcpcs": line.line.code,
            "modifiers": list(line.line.mods),
            "service_date": claim.case.on.isoformat(),
            "charge": f"{line.line.charge:.2f}",
            "line_control": line_control(claim.case.claim, line.number) if line.line.control else None,
        }
    return key


def _label(
    claim: SettledClaim, line: SettledLine | None, label: Label, denied: Decimal, truth: Truth
) -> dict[str, Any]:
    case = claim.case
    if label.cause not in truth.categories:
        raise SpecError(f"{case.id}: no such cause {label.cause}")
    if label.auth is not None and label.auth not in truth.auths:
        raise SpecError(f"{case.id}: no authorization {label.auth}")
    patient = truth.patients[case.patient]
    also = {name: list(values) for name, values in sorted(label.also.items())}
    return {
        **_key(claim, line, truth),
        "amount_at_stake": f"{label.stake if label.stake is not None else denied:.2f}",
        "category": truth.categories[label.cause],
        "root_cause": label.cause,
        "remedy": label.remedy,
        "then": label.then,
        "route": label.route,
        "review_reasons": list(label.reasons),
        "binding_deadline": _binding(claim, label, truth),
        "auth_number": label.auth,
        "chart": f"charts/{patient.chart_file}" if patient.chart is not None else None,
        "policy_id": _policy(claim, line, truth),
        "status": label.status,
        "also_right": also,
        "why": label.why,
        "story": case.story,
        **({"kind": label.kind} if label.kind else {}),
    }


def _policy(claim: SettledClaim, line: SettledLine | None, truth: Truth) -> str | None:
    if line is None:
        return None
    case = claim.case
    found = [row.policy_id for row in truth.policies if row.covers(case.payer, line.line.code, case.on)]
    if len(found) > 1:
        raise SpecError(f"{case.id}: {found} are all in force for {line.line.code} on {case.on}")
    return found[0] if found else None


def _binding(claim: SettledClaim, label: Label, truth: Truth) -> dict[str, str] | None:
    if label.binding is None:
        return None
    paid_on = truth.remits[claim.remit].paid_on
    payer = label.binding_payer or claim.case.payer
    action = "new_claim" if label.binding == "bill_other_payer" else label.binding
    last = clock(action, truth.payers[payer], claim.case.on, paid_on)
    if last is None:
        raise SpecError(f"{claim.case.id}: payer {payer} has no clock for {label.binding}")
    return {"action": label.binding, "date": last.isoformat()}

"""Renders a specification into files: the practice folder, labels.jsonl and decoys.jsonl."""

import csv
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from evals.practices.building.acknowledgements import ack_file
from evals.practices.building.charts import chart_file
from evals.practices.building.claims import claim_file
from evals.practices.building.labels import PolicyRow, Truth, decoy_rows, json_lines, label_rows
from evals.practices.building.patients import Patient, load_patients
from evals.practices.building.products import load_products
from evals.practices.building.remits import remit_file, remit_transaction
from evals.practices.building.settling import SettledClaim, settle_case
from evals.practices.building.story import Case, PracticeSpec, SpecError

FOLDER = "folder"
DAYS_TO_SEND = 3
CAUSES = Path(__file__).with_name("causes.csv")


@dataclass(frozen=True)
class Rendering:
    """A specification, settled: what every writer reads."""

    spec: PracticeSpec
    patients: Mapping[str, Patient]
    cases: tuple[Case, ...]
    settled: tuple[SettledClaim, ...]
    practice: Mapping[str, str]
    payers: Mapping[str, dict[str, Any]]


def render(spec: PracticeSpec) -> dict[str, bytes]:
    """Return every file of the practice by its path below the practice's directory.

    Raises:
        SpecError: When the specification contradicts itself.
    """
    work = prepare(spec)
    files = {f"{FOLDER}/{path}": data for path, data in _folder(work)}
    truth = _truth(work)
    files["labels.jsonl"] = json_lines(label_rows(work.settled, truth))
    files["decoys.jsonl"] = json_lines(decoy_rows(work.settled, truth))
    return dict(sorted(files.items()))


def prepare(spec: PracticeSpec) -> Rendering:
    """Load what the specification points at and settle every case."""
    practice = yaml.safe_load((spec.parts / "practice.yaml").read_text(encoding="utf-8"))
    payers = {row["id"]: row for row in yaml.safe_load((spec.parts / "payers.yaml").read_text(encoding="utf-8"))}
    patients = load_patients(spec.patients)
    cases = tuple(_filled(case, patients) for case in spec.cases)
    _refuse_twins(cases)
    settled: list[SettledClaim] = []
    for case in cases:
        facts = spec.payers[case.payer]
        settled += settle_case(case, _icn(case, facts.icn_prefix), facts.sequestered)
    return Rendering(spec, patients, cases, tuple(settled), _facts(practice), payers)


def _facts(practice: Mapping[str, Any]) -> dict[str, str]:
    address = practice["address"]
    return {
        "name": practice["name"],
        "tax_id": practice["tax_id"],
        "npi": practice["billing_npi"],
        "phone": practice["phone"],
        "contact": practice["billing_contact"],
        **{part: str(address[part]) for part in ("street", "city", "state", "zip")},
    }


def _filled(case: Case, patients: Mapping[str, Patient]) -> Case:
    if case.patient not in patients:
        raise SpecError(f"{case.id}: no patient {case.patient}")
    sent = case.sent or case.on + timedelta(days=DAYS_TO_SEND)
    return replace(case, dx=case.dx or patients[case.patient].dx, sent=sent)


def _refuse_twins(cases: Sequence[Case]) -> None:
    for what, values in (("case", [c.id for c in cases]), ("claim", [c.claim for c in cases])):
        twins = {value for value in values if values.count(value) > 1}
        if twins:
            raise SpecError(f"two cases with the same {what}: {sorted(twins)}")


def _icn(case: Case, prefix: str) -> str:
    return case.icn or prefix + re.sub(r"\D", "", case.claim)


def _folder(work: Rendering) -> Iterator[tuple[str, bytes]]:
    yield from _parts(work.spec.parts)
    yield from _remits(work)
    yield from _claims(work)
    yield from _acks(work)
    products = load_products(work.spec.products)
    for key, patient in work.patients.items():
        if patient.chart is not None:
            mine = [case for case in work.cases if case.patient == key]
            yield f"charts/{patient.chart_file}", chart_file(patient, mine, products, work.practice["name"])


def _parts(directory: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            yield path.relative_to(directory).as_posix(), path.read_bytes()


def _remits(work: Rendering) -> Iterator[tuple[str, bytes]]:
    bodies: dict[str, list[Any]] = {}
    for remit in work.spec.remits:
        claims = [claim for claim in work.settled if claim.remit == remit.key]
        if not claims:
            raise SpecError(f"remit {remit.key} has no claims")
        control = f"{len(bodies.get(remit.file, [])) + 1:04d}"
        body = remit_transaction(remit, claims, work.patients, work.spec, work.practice, control)
        bodies.setdefault(remit.file, []).append(body)
    firsts = {remit.file: remit for remit in reversed(work.spec.remits)}
    for position, (file, transactions) in enumerate(bodies.items(), start=1):
        yield f"remits/{file}", remit_file(transactions, firsts[file], work.spec, str(310000 + position))
    for copy in work.spec.redeliveries:
        again = replace(firsts[copy.of], delimiters=copy.delimiters)
        yield f"remits/{copy.file}", remit_file(bodies[copy.of], again, work.spec, copy.control)


def _claims(work: Rendering) -> Iterator[tuple[str, bytes]]:
    products = load_products(work.spec.products)
    names = {key: row["name"] for key, row in work.payers.items()}
    filed = sorted((c for c in work.cases if c.on_file), key=_batch)
    for position, ((payer, sent), group) in enumerate(itertools.groupby(filed, key=_batch), start=1):
        data = claim_file(
            list(group),
            names[payer],
            sent,
            work.patients,
            products,
            names,
            work.spec,
            work.practice,
            str(520000 + position),
        )
        yield f"claims/{payer.lower()}_{sent:%Y%m%d}.837", data


def _batch(case: Case) -> tuple[str, date]:
    return case.payer, case.sent or case.on


def _acks(work: Rendering) -> Iterator[tuple[str, bytes]]:
    cases = {case.claim: case for case in work.cases}
    icns = {case.claim: _icn(case, work.spec.payers[case.payer].icn_prefix) for case in work.cases}
    grouped = itertools.groupby(sorted(work.spec.acks, key=lambda ack: ack.file), key=lambda ack: ack.file)
    for position, (file, rows) in enumerate(grouped, start=1):
        acks = list(rows)
        name = work.payers[acks[0].payer]["name"]
        data = ack_file(acks, cases, icns, work.patients, name, work.spec, work.practice, str(770000 + position))
        yield f"acks/{file}", data


def _truth(work: Rendering) -> Truth:
    with CAUSES.open(newline="", encoding="utf-8") as rows:
        categories = {row["cause"]: row["category"] for row in csv.DictReader(rows)}
    files = {remit.key: [remit.file] for remit in work.spec.remits}
    for copy in work.spec.redeliveries:
        for remit in work.spec.remits:
            if remit.file == copy.of:
                files[remit.key].append(copy.file)
    return Truth(
        categories=categories,
        payers=work.payers,
        remits={remit.key: remit for remit in work.spec.remits},
        files=files,
        patients=work.patients,
        auths=frozenset(_column(work.spec.parts / "auths", "auth_number")),
        policies=tuple(_policies(work.spec.parts / "policies")),
    )


def _column(directory: Path, name: str) -> Iterator[str]:
    for path in sorted(directory.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as rows:
            yield from (row[name] for row in csv.DictReader(rows))


def _policies(directory: Path) -> Iterator[PolicyRow]:
    for path in sorted(directory.glob("*.md")):
        front = yaml.safe_load(path.read_text(encoding="utf-8").split("---")[1])
        yield PolicyRow(
            policy_id=front["policy_id"],
            payer=front["payer_id"],
            drugs=frozenset(front["drugs"]),
            start=front["effective_from"],
            end=front["effective_to"],
        )

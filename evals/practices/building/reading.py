"""Reads a specification directory: cases, remits, acknowledgements, roster; every scalar is text."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from evals.practices.building.reading_answers import answer, fields, label, moneys
from evals.practices.building.story import (
    Ack,
    Case,
    Delimiters,
    Later,
    Line,
    Other,
    PayerFacts,
    Plb,
    PracticeSpec,
    Provider,
    Redelivery,
    Remit,
)

CASE_KEYS = frozenset(
    "id story claim patient payer served remit lines auths line_auths dx rendering referring supervising trial pos "
    "frequency original sent received status icn moa later on_file claim_denied claim_remarks claim_label claim_decoy "
    "member sequence other notes no_lines".split()
)
LINE_KEYS = frozenset(
    "bill charge given wasted given_code at vials charted ndc ndc_quantity ndc_unit text control pointers recoded "
    "hemoglobin".split()
)
ANSWER_KEYS = frozenset("paid denied other remarks units_paid label decoy".split())


def read_spec(directory: Path) -> PracticeSpec:
    """Read the whole specification of one practice.

    Raises:
        SpecError: When an entry has a key nobody reads, naming the file and the entry.
    """
    roster = load(directory / "roster.yaml")
    first_provider = next(iter(roster["providers"]))
    remits = load(directory / "remits.yaml")
    styles = {name: _delimiters(row) for name, row in remits["delimiters"].items()}
    acks = directory / "acks.yaml"
    return PracticeSpec(
        cases=tuple(
            case for path in sorted((directory / "cases").glob("*.yaml")) for case in _cases(path, first_provider)
        ),
        remits=tuple(_remit(row, styles) for row in remits["remits"]),
        redeliveries=tuple(
            Redelivery(row["file"], row["of"], styles[row["delimiters"]], row["control"])
            for row in remits.get("redeliveries", ())
        ),
        acks=tuple(_ack(row) for row in load(acks)) if acks.is_file() else (),
        providers={key: Provider(row["npi"], row["last"], row["first"]) for key, row in roster["providers"].items()},
        payers={key: _payer(row) for key, row in roster["payers"].items()},
        parts=directory / "parts",
        patients=directory / "patients",
        products=directory / "products.yaml",
        **_names(roster),
    )


def load(path: Path) -> Any:
    """Read YAML with every scalar as the text that stands there."""
    with path.open(encoding="utf-8") as source:
        return yaml.load(source, yaml.BaseLoader)


def _names(roster: Mapping[str, Any]) -> dict[str, Any]:
    """Read how the practice and its clearinghouse call themselves in envelopes, where the roster says."""
    found: dict[str, Any] = {"sender": roster["sender"]} if "sender" in roster else {}
    if "clearinghouse" in roster:
        name, code = roster["clearinghouse"]
        found["clearinghouse"] = (name, code)
    return found


def _cases(path: Path, first_provider: str) -> Iterable[Case]:
    document = load(path)
    rows = document["cases"] if isinstance(document, dict) else document
    for row in rows:
        where = f"{path.name}, case {row.get('id')}"
        yield _case({"rendering": first_provider, **row}, where)


def _case(row: Mapping[str, Any], where: str) -> Case:
    fields(row, CASE_KEYS, where)
    return Case(
        id=row["id"],
        story=row["story"],
        claim=row["claim"],
        patient=row["patient"],
        payer=row["payer"],
        on=date.fromisoformat(row["served"]),
        remit=row["remit"],
        lines=tuple(_line(line, where) for line in row["lines"]),
        auths=tuple(row.get("auths", ())),
        line_auths={int(n): auth for n, auth in row.get("line_auths", {}).items()},
        dx=tuple(row.get("dx", ())),
        rendering=row["rendering"],
        referring=row.get("referring", ""),
        supervising=row.get("supervising", ""),
        trial=row.get("trial", ""),
        pos=row.get("pos", "11"),
        frequency=row.get("frequency", "1"),
        original=row.get("original", ""),
        sent=_day(row.get("sent")),
        received=_day(row.get("received")),
        status=row.get("status", "1"),
        icn=row.get("icn", ""),
        moa=tuple(row.get("moa", "").split()),
        later=tuple(_later(event, where) for event in row.get("later", ())),
        on_file=row.get("on_file", "yes") == "yes",
        claim_level=moneys(row.get("claim_denied", "")),
        claim_remarks=tuple(row.get("claim_remarks", "").split()),
        claim_label=label(row.get("claim_label"), where),
        claim_decoy=row.get("claim_decoy", ""),
        member=row.get("member", ""),
        sequence=row.get("sequence", "P"),
        other=tuple(_other(payer) for payer in row.get("other", ())),
        notes=tuple(row.get("notes", ())),
        no_lines=row.get("no_lines", "no") == "yes",
    )


def _line(row: Mapping[str, Any], where: str) -> Line:
    fields(row, LINE_KEYS | ANSWER_KEYS, where)
    code, _, units = row["bill"].partition(" ")
    hcpcs, *mods = code.split("-")
    is_drug = bool(units)
    return Line(
        hcpcs,
        Decimal(units or "1"),
        Decimal(row["charge"]),
        answer(row, where),
        tuple(mods),
        given_mg=_number(row.get("given")),
        wasted_mg=_number(row.get("wasted")),
        given_code=row.get("given_code", ""),
        at=row.get("at", ""),
        vials=row.get("vials", ""),
        charted=is_drug and "JW" not in mods and row.get("charted", "yes") == "yes",
        ndc=row.get("ndc") if is_drug else "",
        ndc_quantity=row.get("ndc_quantity"),
        ndc_unit=row.get("ndc_unit"),
        description=row.get("text", ""),
        control=row.get("control", "yes") == "yes",
        pointers=tuple(int(n) for n in row.get("pointers", "1").split()),
        recoded=row.get("recoded", ""),
        hemoglobin=row.get("hemoglobin", ""),
    )


def _later(row: Mapping[str, Any], where: str) -> Later:
    fields(row, frozenset({"remit", "reverses", "answers", "status", "icn", "moa"}), where)
    return Later(
        row["remit"],
        row.get("reverses", "no") == "yes",
        tuple(answer(one, where) for one in row.get("answers", ())),
        row.get("status", "1"),
        row.get("icn", ""),
        tuple(row.get("moa", "").split()),
    )


def _other(row: Mapping[str, Any]) -> Other:
    return Other(row["payer"], row["member"], row["sequence"], _number(row.get("paid")))


def _remit(row: Mapping[str, Any], styles: Mapping[str, Delimiters]) -> Remit:
    known = frozenset("key file payer paid_on trace name payer_in payer_id delimiters plb version split_cas".split())
    fields(row, known, f"remit {row.get('key')}")
    return Remit(
        row["key"],
        row["file"],
        row["payer"],
        date.fromisoformat(row["paid_on"]),
        row["trace"],
        row["name"],
        row.get("payer_in", "n104"),
        row.get("payer_id", ""),
        styles[row.get("delimiters", "plain")],
        tuple(Plb(p["reason"], p["reference"], Decimal(p["amount"])) for p in row.get("plb", ())),
        row.get("version", "005010X221A1"),
        row.get("split_cas", "no") == "yes",
    )


def _delimiters(row: Mapping[str, str]) -> Delimiters:
    unescaped = {key: value.replace("\\r", "\r").replace("\\n", "\n") for key, value in row.items()}
    return Delimiters(**unescaped)


def _ack(row: Mapping[str, str]) -> Ack:
    category, _, status = row["says"].partition(":")
    by = row.get("by", "PR")
    on = date.fromisoformat(row["date"])
    from_payer = by == "PR"
    entity = by if from_payer else ""
    return Ack(row["file"], row["payer"], row["claim"], category, status, on, by, entity, from_payer)


def _payer(row: Mapping[str, Any]) -> PayerFacts:
    street, city, state, zip_code = row["address"]
    return PayerFacts(
        row["remit_filing"],
        row["claim_filing"],
        row["icn_prefix"],
        row["receiver"],
        row.get("sequestered", "no") == "yes",
        row["tax_id"],
        (street, city, state, zip_code),
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)

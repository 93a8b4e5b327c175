"""Reads payers.yaml: the payers billed, and their rules for this practice."""

from decimal import Decimal
from typing import get_args

from pydantic import ValidationError

from knowledge.folder.keys import Keys, mappings
from knowledge.folder.located import Listing, Mapping, Scalar, read_yaml
from knowledge.folder.notes import Notes
from knowledge.folder.written import as_amount, as_codes
from knowledge.payers import PayerDirectory
from knowledge.types.practice import AppealLevel, LineOfBusiness, Payer, SendTo, StepRule
from knowledge.types.reading import ReadingFinding

_LINES_OF_BUSINESS = get_args(LineOfBusiness)
_STARTS = ("remit_date", "decision_date", "service_date")


def read_payers(text: str, file: str = "payers.yaml") -> tuple[tuple[Payer, ...], tuple[ReadingFinding, ...]]:
    """Read every payer that can be read, in file order.

    A rule that does not fit is noted with its line and becomes unknown, so that no deadline rests on it.
    Of two payers with one id the first is kept.
    """
    notes = Notes(file)
    document = read_yaml(text, notes)
    if document is None:
        return (), notes.findings
    if isinstance(document, Mapping) and isinstance(document.entries.get("payers"), Listing):
        document = document.entries["payers"]
    if not isinstance(document, Listing):
        notes.add("error", "payers-form", "expected a list of payers (- id: ...)", document.line)
        return (), notes.findings
    payers: dict[str, Payer] = {}
    for keys in mappings(document, notes, "payer"):
        payer = _payer(keys)
        if payer is None:
            continue
        if payer.id in payers:
            says = f"payer {payer.id} stands twice ({payers[payer.id].source} too); the first one is used"
            notes.add("error", "payer-twice", says, keys.mapping.line)
            continue
        payers[payer.id] = payer
    for name, ids in PayerDirectory(payers.values()).shared_names():
        says = f"{name!r} names several payers ({', '.join(ids)}); it will be read as none of them"
        notes.add("warning", "payer-name-shared", says)
    return tuple(payers.values()), notes.findings


def _payer(keys: Keys) -> Payer | None:
    payer_id = keys.text("id")
    if not payer_id:
        keys.wrong("id", "missing; this payer is left out. Give the id that remits and claims carry")
        return None
    keys.at = f"payer {payer_id}"
    name = keys.text("name")
    fields = {
        "id": payer_id,
        "name": name or payer_id,
        "aliases": keys.texts("aliases"),
        "line_of_business": keys.choice("line_of_business", _LINES_OF_BUSINESS) or "other",
        "contracted": keys.flag("contracted"),
        "appeals": tuple(_level(found) for found in keys.each("appeals")),
        "corrected_claim_days": keys.whole("corrected_claim_days"),
        "timely_filing_days": keys.whole("timely_filing_days"),
        "retro_authorization_days": keys.whole("retro_authorization_days"),
        "peer_to_peer_days": keys.whole("peer_to_peer_days"),
        "replacement_claims": keys.flag("replacement_claims"),
        "wastage_modifiers": keys.flag("wastage_modifiers"),
        "ndc_required": keys.flag("ndc_required"),
        "step_therapy": _step_rules(keys),
        "max_units": _max_units(keys),
        "source": f"{keys.notes.file}:{keys.mapping.line}",
    }
    keys.finish()
    if not keys.has("line_of_business"):
        says = f"payer {payer_id}: line_of_business is missing; rules of a program cannot be applied"
        keys.notes.add("warning", "line-of-business-missing", says, keys.mapping.line)
    try:
        return Payer.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        keys.wrong(str(first["loc"][0]), f"{first['msg']}; this payer is left out")
        return None


def _level(keys: Keys) -> AppealLevel:
    level = keys.text("level")
    days = keys.whole("days")
    start = keys.choice("from", _STARTS)
    decision_days = keys.whole("decision_days")
    send_to = _send_to(keys)
    keys.finish()
    if not level:
        keys.wrong("level", "missing; expected its name (reconsideration, appeal, ...)")
    if days is not None and start is None:
        # Days without a known first day give no deadline; none is invented.
        if not keys.has("from"):
            keys.wrong("from", f"missing, so the {days} days have no start; expected one of {', '.join(_STARTS)}")
        days = None
    return AppealLevel.model_validate(
        {
            "level": level or "appeal",
            "days": days,
            "start": start or "remit_date",
            "decision_days": decision_days,
            "send_to": send_to,
        }
    )


def _send_to(keys: Keys) -> SendTo:
    found = keys.mapping.entries.get("send_to")
    if isinstance(found, Scalar):
        return SendTo(address=keys.text("send_to"))
    within = keys.within("send_to")
    if within is None:
        return SendTo()
    send_to = SendTo(address=within.text("address"), fax=within.text("fax"), portal=within.text("portal"))
    within.finish()
    return send_to


def _step_rules(keys: Keys) -> tuple[StepRule, ...]:
    rules = []
    for found in keys.each("step_therapy"):
        drug = as_codes(found.text("drug"))
        prefer = as_codes(" ".join(found.texts("prefer")))
        found.finish()
        if len(drug) == 1 and prefer:
            rules.append(StepRule(drug=drug[0], prefer=prefer))
        else:
            found.wrong("drug", "expected one drug and at least one code in prefer; this rule is left out")
    return tuple(rules)


def _max_units(keys: Keys) -> dict[str, Decimal]:
    found = keys.within("max_units")
    if found is None:
        return {}
    limits = {}
    for code, value in found.mapping.entries.items():
        number = as_amount(value.text) if isinstance(value, Scalar) else None
        if number is None:
            found.wrong(code, "expected a number of units; this limit is unknown until corrected")
        else:
            limits[code.strip().upper()] = number
    return limits

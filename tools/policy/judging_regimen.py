"""The chemotherapy regimen of a chart against the regimens a policy names as of high risk of febrile neutropenia."""

import re
from datetime import timedelta

from knowledge.policies.terms import load_terms
from knowledge.types.criteria import Answer, RegimenRule
from tools.chart.facts.data import RegimenRow, read_rows
from tools.chart.facts.passages import cut
from tools.chart.facts.scope import spoiler
from tools.policy.facts import CaseFacts, generics
from tools.policy.reading_course import regimen_names

_DENSE_DAYS = 15
_LOOK_BACK = timedelta(days=200)


def judge_regimen(rule: RegimenRule, facts: CaseFacts) -> Answer:
    """Find a note of the half year before the service that names a listed regimen, or its drugs given close together.

    A list that only gives examples refutes nothing.
    """
    if not rule.regimens and rule.risk:
        listed = tuple(row.regimen for row in load_terms().fn_risk if row.risk == rule.risk)
        rule = rule.model_copy(update={"regimens": listed})
    asked = f"a regimen of {rule.risk} risk" if not rule.regimens else f"a regimen among {', '.join(rule.regimens)}"
    rows = {row.name: row for row in read_rows("regimens.csv", RegimenRow)}
    for document in facts.documents():
        if document.day is None or document.day < facts.on - _LOOK_BACK:
            continue
        for name in rule.regimens:
            plain = name.removeprefix("dose-dense ")
            aliases = rows[plain].aliases if plain in rows else (plain,)
            for sentence, _ in cut(document.text):
                match = _names(name, aliases).search(sentence.text)
                if match and not spoiler(sentence.text, match.start(), match.end(), allow=("planned",)):
                    says = f'{asked}: {name}, "{" ".join(sentence.text.split())}" ({document.day})'
                    return Answer(
                        outcome="met", says=says, quote=sentence.text, source=document.resource, day=document.day
                    )
    return _by_drugs(rule, facts, asked, rows) or Answer(
        outcome="not_determinable", says=f"{asked}: the regimen is not named in the chart"
    )


def _names(name: str, aliases: tuple[str, ...]) -> re.Pattern[str]:
    written = "|".join(re.escape(alias) for alias in sorted(aliases, key=lambda alias: -len(alias)))
    dense = r"(?:dose[\s-]dense\s+|dd\s?)" if name.startswith("dose-dense") else ""
    if dense:
        written = (
            rf"{dense}(?:{written})|{'|'.join(re.escape(a) for a in aliases if a.lower().startswith('dd')) or '(?!)'}"
        )
    return re.compile(rf"(?<![\w+-])(?:{written})(?![\w+-])")


def _is_dense(facts: CaseFacts, drugs: frozenset[str]) -> bool:
    """Tell whether the regimen's drugs are ordered every two weeks."""
    orders = [order for order in (facts.chart.orders if facts.chart else ()) if generics(order.drug) & drugs]
    return any(order.interval_days is not None and order.interval_days <= _DENSE_DAYS for order in orders)


def _by_drugs(rule: RegimenRule, facts: CaseFacts, asked: str, rows: dict[str, RegimenRow]) -> Answer | None:
    """Recognise a regimen by its drugs, all charted within three weeks before; a dose-dense one by its orders too."""
    recent = [
        (generics(dose.drug), dose)
        for dose in (facts.chart.doses if facts.chart else ())
        if dose.day is not None
        and timedelta(0) <= facts.on - dose.day <= timedelta(days=21)
        and dose.status in ("completed", "")
    ]
    given = frozenset(drug for drugs, _ in recent for drug in drugs)
    for name in rule.regimens:
        row = rows.get(regimen_names().get(name.lower(), ""))
        written_out = tuple(name.split(" + ")) if " + " in name else ()
        drugs = frozenset(
            drug for written in (row.drugs if row else written_out) for drug in generics(written) or {written}
        )
        if drugs and drugs <= given and (not name.startswith("dose-dense") or _is_dense(facts, drugs)):
            dose = next(dose for found, dose in recent if found & drugs)
            return Answer(
                outcome="met", says=f"{asked}: {name} charted", quote=dose.drug, source=dose.resource, day=dose.day
            )
    return None

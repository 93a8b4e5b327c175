"""What cash says of a denial that the answers about its line alone do not: money taken back at the foot of a remit."""

from knowledge.types.denial import Denial
from knowledge.types.outcomes import Account

OTHER_AMOUNT = "other-payer-amount"
"""The doubt about another plan's payment that is not, or not known to be, all it owes."""


def moved_by_cash(denial: Denial, account: Account) -> Denial:
    """Return the denial as it stands with its cash looked at.

    A payment that the payer has recovered through PLB is no win: all of it, and the denial is open again; part of it,
    and it is partly won. A payment for another patient under the same number wins nothing. What another plan paid wins
    it where that is all it owes; less, or nobody knows how much, is partly won, and a person judges the rest.
    """
    doubts = account.doubts
    if denial.outcome in ("won", "partly_won") and any(code == "other-patient" for code, _ in doubts):
        return _with(denial, {"outcome": "open", "outcome_file": None}, doubts)
    if denial.outcome in ("won", "partly_won") and account.recouped > 0:
        taken = f"{account.recouped:,.2f} of what was paid was taken back at the foot of a remit (PLB)"
        if account.recovered <= 0:
            says = f"{taken}, and nothing of it is left: the denial is open again"
            return _with(denial, {"outcome": "open", "outcome_file": None}, (("recouped-by-plb", says), *doubts))
        left: dict[str, object] = {"outcome": "partly_won"}
        says = f"{taken}; {account.recovered:,.2f} of it is left"
        return _with(denial, left, (("recouped-by-plb", says), *doubts))
    if denial.outcome == "open" and account.other_payer_file is not None and account.recovered > 0:
        paid, left = account.other_payment, {"outcome_file": account.other_payer_file}
        if paid is not None and paid.standing == "full":
            return _with(denial, {"outcome": "won", **left}, doubts)
        says = paid.says if paid is not None else "paid by another plan: amount to be judged"
        return _with(denial, {"outcome": "partly_won", **left}, ((OTHER_AMOUNT, says[0].upper() + says[1:]), *doubts))
    return _with(denial, {}, doubts) if doubts else denial


def _with(denial: Denial, update: dict[str, object], doubts: tuple[tuple[str, str], ...]) -> Denial:
    return denial.model_copy(update={**update, "doubts": tuple(dict.fromkeys((*denial.doubts, *doubts)))})

"""What goes into a letter and a packet: content as data, so that code can check every word of it."""

from datetime import date
from decimal import Decimal
from typing import Literal

import pydantic

from knowledge.types.criteria import Outcome
from knowledge.types.evidence import Evidence
from knowledge.types.practice import Address, Frozen

WrittenBy = Literal["wording", "model", "person"]
"""Who chose the words of a paragraph: the house's own wording, a language model, or a person who edited it."""


class CriterionStanding(Frozen):
    """One criterion of a policy and how the chart answers it.

    `policy_evidence` carries the criterion's words, `chart_evidence` the answer; `said` is the chart's own text.
    """

    text: str
    outcome: Outcome
    policy_evidence: str
    chart_evidence: tuple[str, ...] = ()
    said: str = ""


class CriteriaStanding(Frozen):
    """How a policy's clinical criteria came out, one by one and together. Only code fills this in."""

    policy_id: str
    outcome: Outcome
    rows: tuple[CriterionStanding, ...]


class Field(Frozen):
    """A labelled value in a block of the letter ("Member ID", "H123")."""

    label: str
    value: str


class Table(Frozen):
    """A small table. `marked` is the (row, column) of the cell that decides, counted from 0, or None.

    `section` is the heading of the section it closes; blank = the section that shows the facts.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: tuple[int, int] | None = None
    evidence: tuple[str, ...] = ()
    section: str = ""


class Paragraph(Frozen):
    """A paragraph under a heading; `evidence` are the ids it cites.

    A heading equal to that of the paragraph before, or blank, continues its section. `[E4]` within the text, E4
    being an evidence id, is a citation in place; ids cited nowhere in the text are set at the paragraph's end.
    What is not the house's own wording is held sentence by sentence against what each sentence cites.
    """

    heading: str = ""
    text: str
    evidence: tuple[str, ...] = ()
    written_by: WrittenBy = "wording"


class Party(Frozen):
    """Sender or addressee as printed."""

    name: str
    lines: tuple[str, ...] = ()


class Signature(Frozen):
    """Who signs. `role` says why that person ("Treating oncologist"); unsigned until a person signs.

    In a final copy `signed` says that and by whom it is signed, on `signed_on`, and `approved` who approved it when.
    """

    name: str
    role: str
    npi: str = ""
    signed: str = ""
    signed_on: date | None = None
    approved: str = ""


LetterKind = Literal[
    "reconsideration",
    "appeal",
    "authorization_request",
    "reopening",
    "records_response",
    "payment_dispute",
    "other_payer_notice",
    "corrected_claim_notice",
]


class LetterContent(Frozen):
    """A whole letter as data. `facts` are administrative facts (RE block); everything else must cite evidence.

    `person_wrote` are the sentences a person wrote into the finished letter, wherever they stand, citations and all.
    `set_aside` are paragraphs of the letter as it was drafted that a person's edits changed or took out: they are no
    part of it, and put back whole they are the draft's own again.
    """

    kind: LetterKind
    denial_id: str
    date: date
    sender: Party
    addressee: Party
    channel: str = ""
    level: str = ""
    subject: str
    facts: tuple[Field, ...]
    ask: str
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...] = ()
    closing: str = ""
    contact: str = ""
    signature: Signature
    draft: bool = True
    criteria: CriteriaStanding | None = None
    person_wrote: tuple[str, ...] = ()
    set_aside: tuple[Paragraph, ...] = ()


class ExhibitPassage(Frozen):
    """A passage to mark in an exhibit: verbatim text, and the evidence it carries."""

    quote: str
    evidence: str


class Exhibit(Frozen):
    """One enclosure. `fields`, `table` and `text` are shown in that order; `pdf` is embedded when given.

    `passages` are marked in `text`; `evidence` are further ids that this exhibit shows as a whole. A `sheet` exhibit
    opens with a cover sheet of its own, others with a cover band. `whole` = nothing may be left out of it but what is
    specially protected; `left_out` names what was.
    """

    key: str
    title: str
    source: str
    proves: str = ""
    fields: tuple[Field, ...] = ()
    table: Table | None = None
    text: str = ""
    monospace: bool = False
    pdf: bytes = b""
    passages: tuple[ExhibitPassage, ...] = ()
    evidence: tuple[str, ...] = ()
    sheet: bool = False
    whole: bool = False
    left_out: tuple[str, ...] = ()


class LetterCase(Frozen):
    """All a letter may be composed from. `values` merge the slots of all evidence and facts."""

    denial_id: str
    kind: LetterKind
    root_cause: str
    remedy: str
    date: date
    practice_name: str
    practice_address: Address
    practice_phone: str = ""
    practice_fax: str = ""
    practice_npi: str = ""
    practice_tax_id: str = ""
    billing_contact: str = ""
    payer_name: str
    send_to: str = ""
    send_fax: str = ""
    send_portal: str = ""
    level: str = ""
    facts: tuple[Field, ...]
    amount: Decimal
    evidence: tuple[Evidence, ...]
    values: dict[str, str] = pydantic.Field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    signature: Signature
    criteria: CriteriaStanding | None = None

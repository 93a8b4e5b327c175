"""Make the files of a decided case and say what could not be made."""

import hashlib
from collections.abc import Sequence
from datetime import time
from pathlib import Path

from agent.closing.memo import CLOSING, closing_memo
from agent.decision import Decision
from agent.desk import Desk
from agent.diagnosis.case import Case
from agent.diagnosis.clinical import clinical
from agent.diagnosis.inquiry import Inquiry
from agent.drafting.addressing import desk_for
from agent.drafting.argument import Argument, argued_letter
from agent.drafting.brief import brief_evidence, brief_of
from agent.drafting.changes_page import changes_page
from agent.drafting.charges import charge_rule
from agent.drafting.clinical_history import with_history
from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from agent.drafting.corrections import changes_for, dose_units
from agent.drafting.forms import form_named, forms_for
from agent.drafting.letters import KINDS, addressee, is_clinical, letter_case, letter_evidence
from agent.drafting.other_claim import claim_to_other
from agent.drafting.pas import pas_request
from agent.drafting.records import records_answer, records_table
from agent.drafting.siblings import of_claim, together
from agent.drafting.taking_back import void_claim
from agent.drafting.ways import sent_by
from agent.following.earlier import with_earlier
from agent.learning.following import wants_of
from agent.model.asking import Model, Usage, added
from agent.peer_to_peer import open_clock
from agent.work import Draft, MadeFile, Writing
from knowledge.causes import Cause
from knowledge.types.corrections import ControlNumbers, CorrectedClaim, CorrectionMode
from knowledge.types.diagnosis import Diagnosis, Remedy
from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterCase, LetterContent, LetterKind
from knowledge.types.practice import SendTo
from tools.corrected_claim.correct import correct_claim
from tools.corrected_claim.refusal import CorrectionRefused
from tools.packet.citations import cited_ids
from tools.packet.composing import LetterIncomplete, compose
from tools.packet.enclosing import Records, enclose
from tools.packet.letter import render_letter
from tools.packet.packet import build_packet
from tools.packet.typesetting import TypesettingError
from tools.pages.page import render_page
from tools.peer_to_peer.render import BriefUnsupported, render_brief
from tools.records_request.response import AnsweredBeyond, response_json

REMEDY_OF: dict[LetterKind, Remedy] = {kind: remedy for remedy, kind in KINDS.items()}

CLAIM_REMEDIES: dict[Remedy, CorrectionMode] = {"corrected_claim": "replacement", "new_claim": "new"}

ARGUED: frozenset[Remedy] = frozenset({"reconsideration", "appeal"})
"""Remedies whose letter argues a case; the others' letters are of fixed wording."""

PDF, EDI = "application/pdf", "application/edi-x12"
JSON, FHIR = "application/json", "application/fhir+json"


def make_products(
    desk: Desk,
    denial_id: str,
    diagnosis: Diagnosis,
    decision: Decision,
    model: Model | None = None,
    edited: LetterContent | None = None,
) -> Draft:
    """Make what the remedy needs; what cannot be made from the evidence is said in `lacking`, never improvised.

    With a `model`, the argument of a letter for a clinical cause is written by it, as far as evidence carries it; what
    was left out of it is said in `notes`. Every other letter is of the house's wording. An `edited` letter of the kind
    that is due stands in place of the one that would be written.
    """
    if diagnosis.root_cause == "unknown":
        return Draft()
    inquiry, cause = desk.inquiry(denial_id), desk.catalogue.get(diagnosis.root_cause)
    maker = _Maker(desk, denial_id, inquiry, cause, diagnosis, model, edited)
    return maker.with_brief(_made(maker, decision), decision)


def _made(maker: "_Maker", decision: Decision) -> Draft:
    if decision.remedy in CLAIM_REMEDIES:
        return maker.claim(CLAIM_REMEDIES[decision.remedy], for_review=decision.route == "review")
    if decision.remedy in CLOSING:
        return maker.closing(decision)
    if decision.remedy == "authorization_fix":
        return maker.authorization(decision.then)
    if decision.remedy in KINDS:
        made = maker.letter(KINDS[decision.remedy], decision.remedy)
        return maker.with_other_claim(made) if decision.remedy == "bill_other_payer" else made
    return Draft()


class _Maker:
    def __init__(
        self,
        desk: Desk,
        denial_id: str,
        inquiry: Inquiry,
        cause: Cause,
        diagnosis: Diagnosis,
        model: Model | None,
        edited: LetterContent | None,
    ) -> None:
        self._edited = edited
        self._wants = wants_of(desk, denial_id)
        self._form = form_named(desk.home, inquiry.case, self._wants["form"]) if "form" in self._wants else ""
        self._desk, self._id, self._model = desk, denial_id, model
        self._inquiry, self._cause, self._diagnosis = inquiry, cause, diagnosis

    @property
    def _case(self) -> Case:
        return self._inquiry.case

    def letter(self, kind: LetterKind, remedy: Remedy) -> Draft:
        """Make letter and packet of one kind."""
        if self._edited is not None and self._edited.kind == kind:
            edited = self._edited.model_copy(update={"date": self._desk.as_of})
            made = self._packet(edited, "letter")
            level = desk_for(self._case, remedy).level
            to = level.send_to if level else None
            return self._with_metadata(made, edited, to) if kind == "records_response" else made
        if not addressee(self._case, self._diagnosis, remedy):
            says = "Who the letter goes to is not in the records: find the name and address of the payer or facility"
            return Draft(lacking=(says,))
        material, ways = self._material(kind, remedy)
        notes: tuple[str, ...] = ()
        writing: Writing | None = None
        try:
            if self._model is not None and is_clinical(self._cause) and remedy in ARGUED:
                content, argument = argued_letter(self._model, material)
                notes, writing = argument.notes, _writing(self._model, argument)
            else:
                content = compose(material)
        except LetterIncomplete as fault:
            return Draft(lacking=(str(fault),))
        content, told = with_history(content, self._case, self._diagnosis)
        notes = (*notes, *told)
        made = self._packet(with_earlier(content, self._case), "letter")
        update = {"notes": (*made.notes, *notes), "writing": writing, "ways": (*ways, *made.ways)}
        made = made.model_copy(update=update)
        to = SendTo(address=material.send_to, fax=material.send_fax, portal=material.send_portal)
        return self._with_metadata(made, content, to) if kind == "records_response" else made

    def _with_metadata(self, made: Draft, content: LetterContent, to: SendTo | None) -> Draft:
        """Add the answer to a records request as data; where the packet shows what nobody asked for, a person looks."""
        try:
            answer, missing = records_answer(self._inquiry, self._diagnosis, _cited(content), to)
        except AnsweredBeyond as fault:
            return made.model_copy(update={"lacking": (*made.lacking, f"The records answer is not complete: {fault}")})
        file = self._write("records_metadata", "records-response.json", response_json(answer), JSON)
        return made.model_copy(update={"files": (*made.files, file), "missing": (*made.missing, *missing)})

    def authorization(self, then: Remedy | None) -> Draft:
        """Make the request to the payer's authorization desk, and the letter that follows it where one can be said."""
        request = self.letter("authorization_request", "authorization_fix")
        if request.letter is None:
            return request
        request = self._with_bundle(request, request.letter)
        renamed = tuple(
            file.model_copy(update={"kind": "authorization_request"}) if file.kind == "letter" else file
            for file in request.files
        )
        if then is None or then not in KINDS:
            return request.model_copy(update={"files": renamed})
        try:
            content = self._compose(KINDS[then], then)
        except LetterIncomplete as fault:
            return request.model_copy(update={"files": renamed, "notes": (*request.notes, str(fault))})
        evidence = letter_evidence(self._case, self._diagnosis)
        following = render_letter(content, enclose(evidence, to_enclose(self._case), _cited(content)), evidence)
        letter = self._write("letter", f"{content.kind.replace('_', '-')}.pdf", following, PDF)
        return request.model_copy(update={"files": (*renamed, letter)})

    def _with_bundle(self, made: Draft, content: LetterContent) -> Draft:
        """Add the request as a FHIR bundle; where a value is missing there is none, and the letter stands alone."""
        evidence = letter_evidence(self._case, self._diagnosis)
        asked = pas_request(self._inquiry, self._diagnosis, content, shown_in_exhibits(content, evidence))
        if asked.bundle is None:
            return made.model_copy(update={"missing": (*made.missing, *asked.missing)})
        file = self._write("authorization_bundle", "authorization-request.fhir.json", asked.bundle, FHIR)
        return made.model_copy(update={"files": (*made.files, file)})

    def with_brief(self, made: Draft, decision: Decision) -> Draft:
        """Add the physician's brief while the payer still takes a call; what cannot be said from evidence is left."""
        clock = open_clock(decision.deadlines)
        if clock is None:
            return made
        brief = brief_of(self._inquiry, self._diagnosis, clock)
        if brief is None:
            says = "No peer-to-peer brief is made: no entry of the chart was found that answers the payer"
            return made.model_copy(update={"notes": (*made.notes, says)})
        try:
            page = render_brief(brief, brief_evidence(self._inquiry, self._diagnosis))
        except (BriefUnsupported, TypesettingError) as fault:
            says = f"The peer-to-peer brief must be made by a person: {fault}"
            return made.model_copy(update={"notes": (*made.notes, says)})
        file = self._write("peer_to_peer_brief", "peer-to-peer-brief.pdf", page, PDF)
        return made.model_copy(update={"files": (*made.files, file)})

    def claim(self, mode: CorrectionMode, *, for_review: bool) -> Draft:
        """Make the corrected claim from the bytes that were sent; `for_review`: a person sees it before it goes."""
        case, claim = self._case, self._case.claim
        if claim is None:
            return Draft(lacking=("the claim as submitted is not in the records",))
        asked = CorrectionCase(self._inquiry, self._diagnosis, mode)
        try:
            own = changes_for(asked)
            others = of_claim(self._desk, case.denial, mode, frozenset(CLAIM_REMEDIES))
            changes = together(own, others.changes)
            made = correct_claim(
                self._desk.casebook.file_bytes("claim", claim.file),
                claim.file,
                claim.claim_id,
                mode,
                case.denial.remit.payer_claim_number or "",
                changes,
                self._control(),
                charge_rule=charge_rule(changes, claim, self._desk.casebook.inputs.claims),
                dose_units={**others.dose_units, **dose_units(self._inquiry, own)},
                payer=case.payer,
                for_review=for_review,
            )
        except (NotCorrectable, CorrectionRefused) as fault:
            return Draft(lacking=(f"The corrected claim must be made by a person: {fault}",))
        remedy: Remedy = "new_claim" if mode == "new" else "corrected_claim"
        return self._claim_files(made, remedy, "corrected-claim.837", others.notes)

    def with_other_claim(self, letter: Draft) -> Draft:
        """Add the claim that the letter goes with; where a value is missing there is none, and that is said."""
        try:
            made, told = claim_to_other(self._desk, self._case, self._diagnosis, self._control())
        except (NotCorrectable, CorrectionRefused) as fault:
            return letter.model_copy(update={"missing": (*letter.missing, f"For a claim to the other payer: {fault}")})
        if made is None:
            return letter.model_copy(update={"notes": (*letter.notes, *told)})
        files = self._claim_files(made, "bill_other_payer", "claim-to-other-payer.837", told)
        notes = tuple(dict.fromkeys((*letter.notes, *files.notes)))
        return letter.model_copy(update={"files": (*letter.files, *files.files), "changes": made.diff, "notes": notes})

    def _claim_files(self, made: CorrectedClaim, remedy: Remedy, name: str, told: tuple[str, ...]) -> Draft:
        """Write a claim and, beside it, the page that shows what of it differs from what was sent."""
        lacking = tuple(finding.says for finding in made.findings if finding.severity == "error")
        file = self._write("corrected_claim", name, made.edi, EDI)
        notes = (*told, *(finding.says for finding in made.findings if finding.severity != "error"))
        page = changes_page(self._case, self._diagnosis, remedy, made, (*lacking, *notes), self._desk.as_of)
        beside = self._write("claim_changes", "claim-changes.pdf", render_page(page), PDF)
        return Draft(files=(file, beside), changes=made.diff, lacking=lacking, notes=notes)

    def closing(self, decision: Decision) -> Draft:
        """Make the memo that stays in the file when a denial is given up or settled."""
        page = closing_memo(self._case, self._diagnosis, decision, self._desk.as_of)
        memo = Draft(files=(self._write("closing_memo", "closing-memo.pdf", page, PDF),))
        return self._with_void(memo) if decision.remedy == "refund" else memo

    def _with_void(self, memo: Draft) -> Draft:
        """Add the claim that takes back what was paid in error (frequency 8): a person approves it, or pays back."""
        try:
            made = void_claim(self._desk, self._case, self._diagnosis, self._control())
        except (NotCorrectable, CorrectionRefused) as fault:
            return memo.model_copy(update={"notes": (*memo.notes, f"No void is made: {fault}")})
        files = self._claim_files(made, "refund", "void-claim.837", ())
        return files.model_copy(update={"files": (*memo.files, *files.files)})

    def _control(self) -> ControlNumbers:
        """Number the file by the denial: the same denial always makes the same file."""
        digest = int(hashlib.sha256(self._id.encode()).hexdigest(), 16)
        return ControlNumbers(
            date=self._desk.as_of,
            time=time(0, 0),
            interchange=digest % 999_999_998 + 1,
            group=digest // 10**9 % 999_999_998 + 1,
            transaction="0001",
        )

    def _material(self, kind: LetterKind, remedy: Remedy) -> tuple[LetterCase, tuple[tuple[str, str], ...]]:
        """Return what a letter is composed from, and the payer's wishes that it follows."""
        criteria = clinical(self._inquiry).table if is_clinical(self._cause) else None
        made = letter_case(self._case, self._cause, self._diagnosis, kind, remedy, self._desk.as_of, criteria)
        enclosed = records_table(self._inquiry, self._diagnosis) if kind == "records_response" else ()
        way = sent_by(made, self._case, remedy, self._wants)
        return way.material.model_copy(update={"tables": (*made.tables, *enclosed)}), way.done

    def _compose(self, kind: LetterKind, remedy: Remedy) -> LetterContent:
        return compose(self._material(kind, remedy)[0])

    def _packet(self, content: LetterContent, kind: str) -> Draft:
        evidence = letter_evidence(self._case, self._diagnosis)
        cited = shown_in_exhibits(content, evidence)
        exhibits = enclose(evidence, to_enclose(self._case), cited)
        asked = (self._form,) if self._form else ()
        forms, unfilled = forms_for(self._desk.home, self._case, content, evidence, asked)
        packet = build_packet(content, exhibits, evidence, forms)
        name = content.kind.replace("_", "-")
        files = (
            self._write(kind, f"{name}.pdf", packet.letter, PDF),
            self._write("packet", "packet.pdf", packet.packet, PDF),
        )
        told = (*desk_for(self._case, REMEDY_OF[content.kind]).notes, *(finding.says for finding in packet.findings))
        return Draft(
            letter=content,
            files=files,
            lacking=unfilled,
            notes=tuple(one for one in told if one not in unfilled),
            ways=tuple(("form", f"its form {name} goes before the letter") for name in asked),
            forms=asked,
        )

    def _write(self, kind: str, name: str, content: bytes, media_type: str) -> MadeFile:
        return write_product(self._desk, Path(self._id) / name, kind, content, media_type)


def write_product(desk: Desk, below: Path, kind: str, content: bytes, media_type: str) -> MadeFile:
    """Write a file below the practice's products, whole or not at all, under a name that never changes."""
    path = Path("products") / desk.practice_id / below
    desk.files.write(path, content)
    return MadeFile(kind=kind, path=path.as_posix(), sha256=hashlib.sha256(content).hexdigest(), media_type=media_type)


def to_enclose(case: Case) -> Records:
    """Return the records of a case that its exhibits are made from."""
    return Records(
        header=case.header,
        payment=case.payment,
        claim=case.claim,
        authorizations=case.authorizations,
        chart=case.chart,
        coverage=case.coverage,
        policy=case.policy,
        acknowledgements=case.acknowledgements,
        earlier=case.enclosures,
    )


def shown_in_exhibits(content: LetterContent, evidence: Sequence[Evidence]) -> frozenset[str]:
    """Return the ids of the evidence a letter's packet must show: what it cites, and a claim sent to another payer."""
    cited = _cited(content)
    if content.kind == "other_payer_notice":
        cited |= {item.id for item in evidence if item.kind == "claim"}
    return cited


def _cited(content: LetterContent) -> frozenset[str]:
    ids = {item for paragraph in content.paragraphs for item in (*paragraph.evidence, *cited_ids(paragraph.text))}
    ids |= {item for table in content.tables for item in table.evidence}
    return frozenset(ids)


def _writing(model: Model, argument: Argument) -> Writing:
    """Return what an argument took, its askings added up."""
    usage = Usage()
    for one in argument.usages:
        usage = added(usage, one)
    return Writing(
        model=model.name,
        prompts=argument.prompts,
        calls=len(argument.prompts),
        usage=usage,
        sentences=argument.written,
        kept=len(argument.sentences),
        fault=argument.fault,
    )

"""Criteria of a policy: sections cut into what each asks, joined as the document joins them."""

import re
from functools import lru_cache
from typing import NamedTuple

from knowledge.types.criteria import (
    Criterion,
    CriterionGroup,
    CriterionKind,
    DiagnosisRule,
    Disease,
    Logic,
    PolicyCriteria,
    PriorTherapyRule,
    Requirement,
)
from knowledge.types.practice import Policy, PolicySection
from tools.policy.case_by_case import is_case_by_case, left_open
from tools.policy.joining import Role, heading_role, joined, lead_logic, says_how_many
from tools.policy.leads import before_denial, introduces, phase, phased, says_nothing
from tools.policy.listed_regimens import with_listed
from tools.policy.outline import Block, outline, sentences
from tools.policy.products import preferred_products, products_named, without_products
from tools.policy.reading_patient import diseases_named, organs_named
from tools.policy.reading_therapy import PREFERRED, drugs_named
from tools.policy.requirements import Reading, read_requirements, read_sentence, without_phrases
from tools.policy.sorting import kind_of
from tools.policy.uses import side_by_side
from tools.policy.wording import normalise

_ASKS = re.compile(
    r"\b(?:must|shall|requires?|required|needs?|covered|medically necessary|limited to|up to|maximum|no more than"
    r"|not exceed|at least|only|excluded|eligible|has to|have to|belongs?|every|never)\b"
)
_INFORMS = re.compile(r"^any other\b|\b(?:may|can)\b(?! (?:not|only)\b)")
_AMOUNT = re.compile(r"\d ?(?:mg|mcg|g|units?)\b")
_COVERS = re.compile(r"\b(?:is|are) (?:also )?(?:considered )?(?:covered|medically necessary)\b(?! only)")
_EXCLUDES = re.compile(
    r"(?:.*?\b)?(?:(?:is|are|will) not (?:be )?(?:considered )?(?:covered|medically necessary|approved|paid|eligible)"
    r"|(?:is|are) excluded|not covered|(?:do|does|will) not qualify)\b(?: (?:for|when|in|if|with|where)\b)?[\s:]*"
)
_SCOPE = re.compile(r"(?P<drug>[\w' -]{3,60}(?: \([\w' -]+\))?):\s+(?=\S)")
_SUBJECT = re.compile(
    r"(?P<codes>[AJQ]\d{4}(?:(?:, and |, | and | or |/)[AJQ]\d{4})*)"
    r" (?:is|are|needs?|requires?|may|must|shall|comes?)\b"
)
"""Products by code that a sentence is about: it asks nothing of another."""

_OF_PATIENT: tuple[CriterionKind, ...] = (
    "diagnosis", "stage", "biomarker", "prior_therapy", "performance", "measurement", "intent", "age", "regimen",
)  # fmt: skip
_SAME_KIND: dict[CriterionKind, CriterionKind] = {"stage": "diagnosis"}
_USES = re.compile(r"\| *(?:uses?|indications?|diseases?|diagnos[ei]s|tumou?rs?|cancers?|conditions?)\b", re.IGNORECASE)
_ELSE = re.compile(r"\b(?:(?:any|all) other|not listed|other than those|investigational|experimental|cosmetic)\b")
"""Exclusions of what is not the use at hand, or of whatever the policy does not cover anyway."""
_OF_CRITERIA = re.compile(
    r"\b(?:criteria|initial|continu\w+|renewals?|coverage|indications?|diagnos[ei]s|medical necessity)\b"
)
"""Headings of sections in which every sentence asks something."""
_ON_LABEL = re.compile(r"\bo(?:n|ff)[- ]?label\b")

_ADMINISTRATIVE: tuple[Role, ...] = ("documents", "administrative")


class _Place(NamedTuple):
    """Where a criterion stands: its section and that section's id, the group it joins and how, what it is about."""

    section: PolicySection
    base: str
    group: str
    logic: Logic
    role: Role

    def id(self, path: tuple[int, ...]) -> str:
        return ".".join((self.base, *map(str, path)))


@lru_cache(maxsize=128)  # a claim of many lines asks for each of them
def read_criteria(policy: Policy) -> PolicyCriteria:
    """Cut a policy into criteria, in the order of the document.

    Sections that only inform (background, definitions, references) give none. Where sections are headed by diseases
    each is one indication: its criteria hold together with the disease, and one indication is enough.
    """
    reader = _Reader(policy)
    for section in policy.sections:
        reader.section(section)
    return reader.result()


class _Reader:
    """Collects the criteria and groups of one policy."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._criteria: list[Criterion] = []
        self._groups: dict[str, CriterionGroup] = {}
        self._slugs: dict[str, int] = {}
        self._reviewed: set[str] = set()

    def section(self, section: PolicySection) -> None:
        """Read one section into a group of its own; a disease in its heading is its first criterion."""
        role = heading_role(section.heading)
        plain = normalise(section.heading)
        drugs = products_named(plain)
        plain_rest = without_products(plain)
        diseases = (diseases_named(plain) or organs_named(plain_rest)) if role in ("", "coverage") else ()
        if role == "information" or not section.text:
            return
        base = self._slug(section.heading)
        parent = None
        if diseases:
            self._groups.setdefault(
                "indications", CriterionGroup(id="indications", parent=None, logic="any", heading=section.heading)
            )
            parent = "indications"
        logic: Logic = "exclusion" if role == "exclusions" else "all"
        place = _Place(section, base, base, logic, role)
        named = plain in ("", normalise(self._policy.title)) or bool(drugs)
        self._group(place, base, parent, logic, "", binding=bool(role or diseases or named))
        self._groups[base] = self._groups[base].model_copy(
            update={"drugs": drugs, "general": _ON_LABEL.search(plain) is not None, "phase": phase(plain)}
        )
        if diseases and organs_named(plain_rest):
            self._criterion(place, (0,), section.heading, Reading((DiagnosisRule(diseases=diseases),)))
        elif diseases:
            self._heading(place, diseases)
        self._blocks(place, outline(section.text))

    def _heading(self, place: _Place, diseases: tuple[Disease, ...]) -> None:
        """Read an indication's heading: its disease, and whatever else it says ("HER2-low", "relapsed")."""
        heading = place.section.heading
        whole = read_requirements(heading)
        self._criterion(place, (0,), heading, Reading(whole or (DiagnosisRule(diseases=diseases),)))
        if whole is None:
            self._criterion(place, (0, 0), heading, Reading())

    def result(self) -> PolicyCriteria:
        """Give what was collected, without the groups that hold nothing."""
        self._criteria, self._groups = side_by_side(self._criteria, self._groups)
        used: set[str] = set()
        for criterion in self._criteria:
            at: str | None = criterion.group
            while at is not None and at not in used:
                used.add(at)
                at = self._groups[at].parent
        groups = tuple(self._told(group) for group in self._groups.values() if group.id in used)
        criteria = tuple(
            with_listed(criterion, self._criteria)
            for criterion in left_open(self._criteria, groups, frozenset(self._reviewed))
        )
        return PolicyCriteria(policy_id=self._policy.policy_id, criteria=criteria, groups=groups)

    def _told(self, group: CriterionGroup) -> CriterionGroup:
        """Tell how a list joins that does not say it: a disease, a marker and a line before are asked for together.

        Items of one kind may be alternatives, and so are items that each name a disease or a combination of their own.
        """
        own = [criterion for criterion in self._criteria if criterion.group == group.id]
        below = [child for child in self._groups.values() if child.parent == group.id]
        if group.logic == "unstated" and not own and len({child.phase for child in below} - {""}) > 1:
            return group.model_copy(update={"logic": "all"})  # each part of a course has its own
        told = says_how_many(group.text) or any(re.search(r"\bor[\s.,;:]*$", item.text.lower()) for item in own)
        if group.logic != "unstated" or not group.id.endswith(".list") or len(own) < 2 or told:
            return group
        rules = [{rule.rule for rule in criterion.requires or ()} for criterion in own]
        alternatives = (
            sum("combination" in names for names in rules) > 1 or sum("diagnosis" in names for names in rules) > 1
        )
        kinds = {_SAME_KIND.get(criterion.kind, criterion.kind) for criterion in own if criterion.kind in _OF_PATIENT}
        return group.model_copy(update={"logic": "all"}) if len(kinds) > 1 and not alternatives else group

    def _blocks(self, place: _Place, blocks: list[Block]) -> None:
        """Read a section's own blocks: items without words before them are a list, paragraphs stand for themselves."""
        covering = [
            sentence
            for block in blocks
            if not block.marker
            for sentence in sentences(block.text)
            if _COVERS.search(normalise(sentence)) and not _EXCLUDES.match(normalise(sentence))
        ]
        # "Covered for A. Covered for B.": that either is enough is likely, but it is not said.
        covered = self._below(place, "covered", "unstated", "") if len(covering) > 1 else place
        items = [block for block in blocks if block.marker]
        listed = place
        if items and place.logic != "exclusion":
            logic = joined("all" if place.role in ("limits", *_ADMINISTRATIVE) else "unstated", items)
            listed = self._below(place, "list", logic, "")
        rows = [block.text for block in blocks if block.text.startswith("|")]
        for number, block in enumerate(blocks, 1):
            if block.marker:
                self._item(listed, (number,), block)
            elif block.text.startswith("|"):
                self._row(place, (number,), block.text, rows[0])
            else:
                self._paragraph(place, covered, (number,), block)

    def _row(self, place: _Place, path: tuple[int, ...], text: str, header: str) -> None:
        """Read a table row as one sentence. Rows of a table of uses are alternatives; of another, it is not said."""
        if text == header or not re.search(r"[A-Za-z0-9]", text):
            return
        inner = self._below(place, "table", "any" if _USES.match(header) else "unstated", header)
        said = ", ".join(cell.strip() for cell in text.split("|") if cell.strip())
        self._criterion(inner, path, text, read_sentence(said))

    def _paragraph(self, place: _Place, covered: _Place, path: tuple[int, ...], block: Block) -> None:
        said = list(sentences(block.text))
        lead = said.pop() if block.children else ""
        for number, text in enumerate(said, 1):
            where = covered if _COVERS.search(normalise(text)) else place
            self._sentence(where, (*path, number) if len(said) > 1 or lead else path, text, item=False)
        if block.children:
            self._list(place, (*path, len(said) + 1) if said else path, lead, block.children)

    def _item(self, place: _Place, path: tuple[int, ...], block: Block) -> None:
        if block.children:
            self._list(place, path, block.text, block.children)
        else:
            self._sentence(place, path, block.text, item=True)

    def _list(self, place: _Place, path: tuple[int, ...], lead: str, items: list[Block]) -> None:
        """Read a list below its lead-in; what the lead-in itself asks is a criterion beside the list."""
        logic, before = lead_logic(lead)
        if heading_role(before) == "documents":
            place = place._replace(role="documents")
        if logic == "unstated" and place.role in ("limits", *_ADMINISTRATIVE):
            logic = "all"
        logic = joined(logic, items)
        read = read_sentence(before) if logic != "exclusion" and before else Reading()
        if logic != "exclusion" and before and (read.requires or not says_nothing(before)):
            place = self._below(place, ".".join(map(str, path)), "all", lead)
            self._criterion(place, (*path, 0), lead, read)
        inner = self._below(place, ".".join((*map(str, path), "list")), logic, lead)
        self._groups[inner.group] = self._groups[inner.group].model_copy(
            update={"phase": phased(f"{normalise(lead).rstrip(':')}:" if ":" not in lead else normalise(lead))[0]}
        )
        for number, item in enumerate(items, 1):
            self._item(inner, (*path, number), item)

    def _sentence(self, place: _Place, path: tuple[int, ...], text: str, *, item: bool) -> None:
        plain = normalise(text)
        part, rest = phased(plain)
        if item and part and rest:
            place = self._below(place, ".".join((*map(str, path), "phase")), place.logic, "")
            self._groups[place.group] = self._groups[place.group].model_copy(update={"phase": part})
            self._criterion(place, path, text, read_sentence(rest))
            return
        if is_case_by_case(plain):
            self._reviewed.add(place.section.heading)
            return
        if not without_phrases(plain):
            return  # nothing that a chart could refute ("prescribed by an oncologist")
        excludes = None if place.logic == "exclusion" else _EXCLUDES.match(plain)
        if excludes:
            place = self._below(place, ".".join((*map(str, path), "exclusion")), "exclusion", "")
            self._criterion(place, path, text, read_sentence(plain[excludes.end() :] or before_denial(plain)))
            return
        if place.logic == "exclusion" and (found := _EXCLUDES.match(plain)):
            read = read_sentence(plain[found.end() :])
        else:
            read = read_sentence(text, documents=place.role == "documents")
        limits = place.role == "limits" and _AMOUNT.search(plain)
        asks = _ASKS.search(plain) or (
            place.role == "coverage" and _OF_CRITERIA.search(normalise(place.section.heading))
        )
        if read.requires is None and (introduces(plain) or (place.logic == "exclusion" and _ELSE.search(plain))):
            return
        if item or read.requires or limits or (asks and not _INFORMS.search(plain)):
            self._criterion(place, path, text, read)

    def _criterion(self, place: _Place, path: tuple[int, ...], text: str, read: Reading) -> None:
        requires = self._with_products(read.requires)
        scope, subject = _SCOPE.match(text), _SUBJECT.match(text)
        start = place.section.text.find(text)
        self._criteria.append(
            Criterion(
                id=place.id(path),
                policy_id=self._policy.policy_id,
                heading=place.section.heading,
                text=text,
                line=place.section.line,
                start=None if path[0] == 0 or start < 0 else start,
                kind=kind_of(normalise(text), requires, place.role, place.section.heading),
                group=place.group,
                requires=requires,
                drugs=drugs_named(scope["drug"])
                if scope
                else products_named(subject["codes"].lower())
                if subject
                else (),
                whole=read.whole,
                excepted=read.excepted,
                condition=read.condition,
            )
        )

    def _below(self, place: _Place, name: str, logic: Logic, text: str) -> _Place:
        """Open a group within the place's own."""
        group_id = f"{place.base}.{name}"
        self._group(place, group_id, place.group, logic, text)
        return place._replace(group=group_id, logic=logic)

    def _group(
        self, place: _Place, group_id: str, parent: str | None, logic: Logic, text: str, *, binding: bool = True
    ) -> None:
        self._groups[group_id] = CriterionGroup(
            id=group_id,
            parent=parent,
            logic=logic,
            heading=place.section.heading,
            text=text,
            clinical=place.role not in _ADMINISTRATIVE,
            binding=binding,
        )

    def _with_products(self, requires: tuple[Requirement, ...] | None) -> tuple[Requirement, ...] | None:
        """Put the products a policy calls preferred in the place of those words; None when it names none."""
        if requires is None or not any(
            isinstance(rule, PriorTherapyRule) and PREFERRED in rule.drugs for rule in requires
        ):
            return requires
        named = preferred_products(self._policy)
        others = any(set(rule.drugs) - {PREFERRED} for rule in requires if isinstance(rule, PriorTherapyRule))
        if not named and not others:
            return None
        return tuple(
            rule.model_copy(
                update={"drugs": tuple(dict.fromkeys((*(n for n in rule.drugs if n != PREFERRED), *named)))}
            )
            if isinstance(rule, PriorTherapyRule) and PREFERRED in rule.drugs
            else rule
            for rule in requires
        )

    def _slug(self, heading: str) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-") or "text"
        slug = "section-" + slug if slug == "indications" else slug
        seen = self._slugs[slug] = self._slugs.get(slug, 0) + 1
        return slug if seen == 1 else f"{slug}~{seen}"

"""Codes in FHIR: CodeableConcepts, references, and the drug a resource is about."""

from typing import NamedTuple

from tools.chart.node import Node

HCPCS_SYSTEM = "hcpcs"
"""Part of every system name in use for HCPCS, in lower case."""
NDC_SYSTEM = "sid/ndc"
LOINC_SYSTEM = "loinc.org"
ICD10_SYSTEM = "icd-10"
CPT_SYSTEM = "ama-assn.org/go/cpt"


class Coding(NamedTuple):
    """One coding: `system` in lower case, `code` as written."""

    system: str
    code: str
    display: str


class Drug(NamedTuple):
    """The drug of a medication resource: `name` in words, `hcpcs` in upper case, `ndcs` as charted."""

    name: str
    hcpcs: str
    ndcs: tuple[str, ...]


def codings(concept: Node) -> tuple[Coding, ...]:
    """Return the codings of a CodeableConcept, in order."""
    return tuple(
        Coding(coding.text("system").lower(), coding.text("code"), coding.text("display"))
        for coding in concept.children("coding")
    )


def codes_of(concept: Node, system: str) -> tuple[str, ...]:
    """Return the codes whose system name contains `system`, without repeats."""
    return tuple(dict.fromkeys(c.code for c in codings(concept) if system in c.system and c.code))


def words(concept: Node) -> str:
    """Return what the concept says to a reader: its text, else a display, else a code."""
    text = concept.text("text")
    if text:
        return text
    listed = codings(concept)
    return next((c.display for c in listed if c.display), next((c.code for c in listed if c.code), ""))


def code(concept: Node) -> str:
    """Return the first code in lower case (status fields), else the text in lower case."""
    return next((c.code for c in codings(concept) if c.code), concept.text("text")).lower()


def named(node: Node) -> str:
    """Return a reference's display name, else the reference itself."""
    return node.text("display") or node.text("reference")


def note_lines(resource: Node) -> tuple[str, ...]:
    """Return the texts of `note`, verbatim."""
    return tuple(text for note in resource.children("note") if (text := note.text("text")))


def drug_of(resource: Node, medications: dict[str, Node]) -> Drug:
    """Return the drug of a medication resource.

    `medications` are the bundle's Medication resources by reference; a `#id` is looked for in `contained`.
    Two different HCPCS codes leave the code empty and are noted: the resource does not say which it is.
    """
    concept = resource.child("medicationCodeableConcept")
    reference = resource.child("medicationReference")
    if not concept and reference:
        target = _medication(resource, reference.text("reference"), medications)
        concept = Node(target.child("code").value, f"{resource.path}.medicationReference", resource.trouble)
    hcpcs = tuple(dict.fromkeys(found.upper() for found in codes_of(concept, HCPCS_SYSTEM)))
    if len(hcpcs) > 1:
        resource.trouble.doubt(f"{concept.path} carries several HCPCS codes ({', '.join(hcpcs)})")
    name = words(concept) or reference.text("display")
    return Drug(name, hcpcs[0] if len(hcpcs) == 1 else "", codes_of(concept, NDC_SYSTEM))


def _medication(resource: Node, reference: str, medications: dict[str, Node]) -> Node:
    if reference.startswith("#"):
        for contained in resource.children("contained"):
            if contained.text("id") == reference[1:]:
                return contained
    found = medications.get(reference)
    if found is None and reference:
        resource.trouble.doubt(f'{resource.path}.medicationReference "{reference}" is not in the bundle')
    return found if found is not None else Node(None, resource.path, resource.trouble)

"""Facts about where the service was given: the place billed, the place charted, the place the payer's policy wants."""

import re

from agent.diagnosis import sources
from agent.diagnosis.checks.policy_text import stated
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day
from knowledge.types.chart import Document
from knowledge.types.evidence import Fact
from tools.chart.sentences import sentences

SITE = re.compile(
    r"\b(sites? of (?:care|service)|hospital outpatient|outpatient hospital|outpatient departments?"
    r"|home infusion|(?:infused|given|administered|covered) at home|where it is (?:given|infused)|free-?standing"
    r"|infusion (?:suite|center)s?)\b",
    re.IGNORECASE,
)

HOSPITAL, OFFICE, HOME, DISTANT = "hospital outpatient", "office", "home", "telehealth"

PLACES = {"11": OFFICE, "19": HOSPITAL, "22": HOSPITAL, "12": HOME, "49": OFFICE, "02": DISTANT, "10": DISTANT}
"""What a place-of-service code says (CMS place-of-service code set); others say nothing here."""

_ROOM = r"(?:infusion (?:suite|room|chair)|treatment (?:room|suite|chair)|suite|chair \d+)"
_WORDS = {
    OFFICE: (
        r"\b(?:[Ii]n|[Aa]t) (?:the|our|this|my) (?:[\w.'-]+ ){0,3}(?:office|clinic)\b(?! (?:note|staff|visit))",
        rf"^\W*(?!(?:The|Our|His|Her|This|Per)\b)(?:[A-Z][\w.'-]+ ){{1,3}}(?:office|clinic)\b\s*(?:[.,:;]|$|{_ROOM})",
        rf"\b(?:office|clinic)(?:-based)? {_ROOM}",
        r"\b(?i:infusion (?:suite|room|chair)|chemo(?:therapy)? (?:suite|room))\b",
        r"^\W*[Cc]hair \d+, (?:[\w.'-]+ ){0,4}(?:suite|office|clinic|room)\b",
        r"\b(?:our|the) (?:[A-Z][\w.'-]+ ){1,3}(?:location|site)\b",
        r"^\W*(?:[A-Z][\w.'-]+ ){0,2}[A-Z][\w.'-]+, (?:suite \w+, )?chair \d+\b",
        r"\b(?i:site|place|location)(?: of service)?:\s*(?:[\w.'-]+ ){0,3}(?i:office|clinic)\b",
        r"\bPOS:? ?11\b",
    ),
    HOSPITAL: (
        r"\b(?i:hospital outpatient|outpatient hospital|outpatient department|hospital-based (?:clinic|infusion))\b",
        r"\b(?i:HOPD|on[- ]campus|hospital(?:'s)? (?:infusion|chemotherapy|day) (?:suite|center|centre|unit|room))\b",
        r"\b[A-Z][\w.'-]+ (?i:outpatient infusion|infusion cent(?:er|re) at)\b",
        r"\b(?:in|at) (?:the )?(?:[A-Z][\w.'-]+ ){0,3}(?:[Hh]ospital)(?:'s)? (?:infusion|outpatient|day unit)",
        r"\b(?i:site|place|location)(?: of service)?:\s*(?:[\w.'-]+ ){0,4}[Hh]ospital\b",
        r"\bPOS:? ?(?:19|22)\b",
    ),
    DISTANT: (r"\b(?i:tele-?(?:health|medicine|visit)|video (?:visit|call|and audio)|by (?:video|telephone))\b",),
    HOME: (
        r"\b(?i:given|infused|injected|administered) (?:at|in) (?:the |his |her |their )?(?:patient's )?home\b",
        r"\b(?i:site|place|location)(?: of service)?:\s*(?:patient's )?home\b",
        r"\b(?i:home (?:infusion|visit|health)(?: \w+)? (?:nurse|visit)|home visit)\b",
        r"\bPOS:? ?12\b",
    ),
}
CHARTED = {place: re.compile("|".join(words), re.MULTILINE) for place, words in _WORDS.items()}
"""How records of a day say where it was spent. Case counts: a name before "office" is a name."""

_NOT_THE_DAY = re.compile(
    r"\b(?:never|not|no longer|instead of|refus\w+|next time|will be|plan(?:ned)?|was brought)\b", re.I
)


def place_billed(q: Inquiry) -> str:
    """Return the place-of-service code of the line, else of the claim; empty without a claim."""
    claim = q.case.claim
    line = q.case.line or q.subject
    return (line.place_of_service if line else "") or (claim.place_of_service if claim else "")


def _charted_places(q: Inquiry) -> dict[str, tuple[Document, str]]:
    """Find the places that documents of the day name, each with its document and sentence."""
    found: dict[str, tuple[Document, str]] = {}
    documents = q.case.chart.documents if q.case.chart else ()
    for document in documents:
        if document.day != q.service_date:
            continue
        for sentence in sentences(document.text):
            if _NOT_THE_DAY.search(sentence.text):
                continue
            named = {place for place, pattern in CHARTED.items() if pattern.search(sentence.text)}
            if DISTANT in named:
                named = {DISTANT}  # where each of the two sat is told beside it
            if HOSPITAL in named:
                named.discard(OFFICE)  # a hospital has infusion suites, too
            for place in named:
                found.setdefault(place, (document, sentence.text))
    return found


@check
def place_was_keyed_wrong(q: Inquiry) -> Fact:
    """Whether the records of the day name one place, and it is another kind than the place of service billed."""
    claim, chart, served = q.case.claim, q.case.chart, q.service_date
    if claim is None or chart is None:
        return unknown("Claim or chart is not at hand", missing=("where the drug was given",))
    place = place_billed(q)
    billed, charted = PLACES.get(place), _charted_places(q)
    if billed is None or not charted:
        return no("No document of the day says another place")
    if len(charted) > 1:
        says = f"Documents of the day name several places: {', '.join(sorted(charted))}"
        return unknown(says, missing=("where the drug was given",))
    ((said, (document, quote)),) = charted.items()
    evidence = (sources.chart(q, document.resource, f"{document.kind}: {quote}", quote=quote), sources.claim_parties(q))
    values = {"place": place, "place_words": quote, "hcpcs": q.hcpcs, "service_date": day(served)}
    if said == billed:
        return no(f"Billed at {place}; {document.kind} agrees: {quote}", *evidence)
    return yes(f"Billed at {place}; {document.kind}: {quote}", *evidence, **values)


@check
def policy_prefers_other_site(q: Inquiry) -> Fact:
    """Whether the payer's policy in force speaks of where the drug is to be given."""
    if q.case.claim is None:
        return unknown("The claim as submitted is not in the records", missing=("the claim as submitted (837)",))
    place = place_billed(q)
    found = stated(q, SITE, "the site of care")
    if found.truth != "confirmed":
        return found
    evidence = (*found.evidence, sources.claim_parties(q))
    return found.model_copy(update={"evidence": evidence, "values": {**found.values, "place": place}})


@check
def site_is_the_question(q: Inquiry) -> Fact:
    """Whether the place was keyed wrongly, or the payer's policy speaks of another site.

    A payer that says "not necessary" and not a word of the place means it only where its policy shuts out the very
    place billed.
    """
    keyed = q.fact("place-was-keyed-wrong")
    if keyed.truth == "confirmed" or _names_the_place(q):
        return keyed if keyed.truth == "confirmed" else q.fact("policy-prefers-other-site")
    found = q.fact("policy-prefers-other-site")
    if found.truth == "confirmed" and PLACES.get(place_billed(q)) == HOSPITAL:
        shut = stated(q, SHUT_OUT, "a place it does not cover")
        if shut.truth == "confirmed":
            return shut.model_copy(update={"values": {**shut.values, "place": place_billed(q)}})
    return no("Neither payer nor records speak of the place")


SHUT_OUT = re.compile(
    r"\b(?:hospital outpatient|outpatient hospital|outpatient departments?|places? of service (?:19|22))\b"
    r"[^.;]{0,60}\b(?:not (?:covered|paid|reimbursed|allowed|payable)|excluded|non-?covered)",
    re.IGNORECASE,
)

_PLACE_CARCS, _PLACE_REMARKS = frozenset({"5", "58", "279"}), frozenset({"N428", "M77", "N79"})


def _names_the_place(q: Inquiry) -> bool:
    """Tell whether the payer speaks of the place: by its codes (facts 1.4), or by a policy about nothing else."""
    policy = q.case.policy
    about_sites = policy is not None and SITE.search(f"{policy.title} {' '.join(s.heading for s in policy.sections)}")
    return bool(q.carcs & _PLACE_CARCS or q.remarks & _PLACE_REMARKS or about_sites)

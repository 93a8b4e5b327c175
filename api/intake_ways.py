"""The kinds of file the API takes in: their addresses, and where a practice folder keeps them."""

from typing import Any, NamedTuple

from knowledge.folder import FileKind


class Way(NamedTuple):
    """One kind of file: its address, where the practice folder keeps it, what it is, a few lines of one."""

    address: str
    kind: FileKind
    kept: str
    what: str
    media_type: str = "application/edi-x12"
    example: Any = ""


_X12 = "ISA*00*          *00*          *ZZ*PAYER          *ZZ*PRACTICE       *260403*0800*^*00501*000000001*0*P*:~"

WAYS: tuple[Way, ...] = (
    Way("remits", "remit", "remits/{name}", "a remittance (835)", example=_X12),
    Way("claims", "claim", "claims/{name}", "claims as they were submitted (837P)", example=_X12),
    Way("acknowledgements", "acknowledgement", "acks/{name}", "claim acknowledgements (277CA)", example=_X12),
    Way(
        "authorizations",
        "authorization",
        "auths/{name}",
        "authorizations (CSV)",
        "text/csv",
        "auth_number,payer_id,member_id,status,hcpcs,quantity,start_date,end_date\n"
        "A-1,CASC1,CHP400118,approved,J9271,200,2026-01-05,2026-07-04\n",
    ),
    Way(
        "charts",
        "chart",
        "charts/{name}",
        "one patient's chart (a FHIR R4 Bundle)",
        "application/fhir+json",
        {"resourceType": "Bundle", "type": "collection", "entry": []},
    ),
    Way(
        "coverage",
        "coverage",
        "coverage/{name}",
        "verified eligibility (CSV)",
        "text/csv",
        "payer_id,member_id,start_date,order,plan_type\nCASC1,CHP400118,2024-01-01,primary,commercial\n",
    ),
    Way(
        "policies",
        "policy",
        "policies/{name}",
        "a payer policy (Markdown with front matter)",
        "text/markdown",
        "---\npolicy_id: CHP-ONC-014\n---\n",
    ),
    Way(
        "contracts",
        "contract",
        "contracts/{name}",
        "contracted rates (CSV)",
        "text/csv",
        "payer_id,hcpcs,start_date,end_date,rate\nCASC1,J0897,2026-01-01,2026-12-31,24.50\n",
    ),
    Way(
        "payers",
        "payers",
        "payers.yaml",
        "the payers and their rules (payers.yaml)",
        "application/yaml",
        "payers: []\n",
    ),
)

KEPT_AS: dict[FileKind, str] = {way.kind: way.kept for way in WAYS}
BY_ADDRESS: dict[str, Way] = {way.address: way for way in WAYS}
IN_ROWS = frozenset(way.address for way in WAYS if way.media_type == "text/csv")
"""Addresses whose files are tables: bulk takes their rows as JSON too."""

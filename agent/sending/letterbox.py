"""What stands on the outside of a send: from whom, to whom, how to reach them, under which number. No diagnosis."""

import re
from datetime import date, datetime

from agent.diagnosis.case import Case
from agent.work import Draft
from knowledge.records import Approval, ApprovedFile, SentFile
from knowledge.types.letters import Party
from knowledge.types.practice import Frozen, SendTo


class Envelope(Frozen):
    """The outside of one send. `key` is the send's own; `fax`, `portal` blank = not known.

    `authorization`: it goes to the payer's authorization desk, for which there is no address in the settings.
    `along` is the data that belongs to it.
    """

    key: str
    practice_id: str
    denial_id: str
    approval_sha256: str
    kind: str
    file_name: str
    file_sha256: str
    media_type: str
    sender: Party
    addressee: Party
    fax: str = ""
    portal: str = ""
    authorization: bool = False
    day: date
    queued_at: datetime
    along: tuple[SentFile, ...] = ()


def envelope_of(
    case: Case,
    made: Draft,
    practice_id: str,
    approval: Approval,
    key: str,
    day: date,
    queued_at: datetime,
    along: tuple[SentFile, ...] = (),
) -> Envelope:
    """Write the outside of a send from the approved letter, or for a claim from the payer's entry."""
    file = payload(approval)
    practice, payer = case.practice, case.payer
    to = SendTo()
    if made.letter is not None:
        sender, addressee = made.letter.sender, made.letter.addressee
        # Where a letter goes stands in it: the payer's entry is asked for the bare number alone.
        for level in payer.appeals if payer is not None else ():
            if level.send_to.fax and _digits(level.send_to.fax) in _digits(made.letter.channel):
                to = level.send_to
            elif level.send_to.portal and level.send_to.portal in made.letter.channel:
                to = level.send_to
    else:
        sender = Party(name=practice.name, lines=(f"NPI {practice.billing_npi}",) if practice.billing_npi else ())
        name = payer.name if payer is not None else case.denial.remit.payer_name or ""
        addressee = Party(name=name, lines=("Claims",))
    return Envelope(
        key=key,
        practice_id=practice_id,
        denial_id=case.denial.denial_id,
        approval_sha256=approval.sha256,
        kind=file.kind,
        file_name=f"{case.denial.denial_id}-{file.path.rpartition('/')[2]}",
        file_sha256=file.sha256,
        media_type=file.media_type,
        sender=sender,
        addressee=addressee,
        fax=to.fax,
        portal=to.portal,
        authorization=made.letter is not None and made.letter.kind == "authorization_request",
        day=day,
        queued_at=queued_at,
        along=along,
    )


PAYLOADS = ("packet", "corrected_claim", "letter")
"""What a send carries, the first that was approved: the packet holds the letter."""


class ApprovedFileMissing(LookupError):
    """An approval names no file that could be sent."""


def payload(approval: Approval) -> ApprovedFile:
    """Return the one file of an approval that goes out.

    Raises:
        ApprovedFileMissing: it names none.
    """
    for kind in PAYLOADS:
        for file in approval.files:
            if file.kind == kind:
                return file
    raise ApprovedFileMissing(f"approval {approval.sha256} names no file to send")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)

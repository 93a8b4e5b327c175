"""What of a letter binds who may approve it: a physician's signature, a waiver, a level above the payer."""

import re
from collections.abc import Iterator

from agent.approving.signing import needs_physician
from knowledge.types.letters import LetterContent
from knowledge.types.practice import Payer

_CONTESTS = frozenset({"reconsideration", "appeal"})


def letter_subjects(
    content: LetterContent | None, payer: Payer | None, levels: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Give what of a letter stands in the table of roles: subject and value; `levels` are the levels it names.

    A waiver of liability is asked of a provider without a contract who contests a Medicare Advantage denial; whether
    there is a contract must be known.
    """
    if content is None:
        return
    if needs_physician(content):
        yield "signer", "physician"
    if payer is not None and payer.contracted is False and content.kind in _CONTESTS:
        yield "waiver", payer.line_of_business
    said = content.level.casefold()
    yield from (("level", name) for name in levels if re.search(rf"\b{re.escape(name)}\b", said))

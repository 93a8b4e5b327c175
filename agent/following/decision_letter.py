"""Read a payer's decision letter far enough to enclose it: is it a PDF, and what does its text layer say?"""

from tools.packet.foreign import ForeignPdfRefused, open_foreign


class UnreadableLetter(ValueError):
    """The file is no PDF that can be enclosed; the message says why."""


def letter_text(letter: bytes) -> str:
    """Return the words of a letter, blanks and line breaks as one blank; "" where it has no text layer (a scan).

    Raises:
        UnreadableLetter: it is no readable, unlocked PDF of reasonable size.
    """
    try:
        return " ".join(open_foreign(letter).words.split())
    except ForeignPdfRefused as fault:
        raise UnreadableLetter(str(fault)) from fault

"""The styles of a letter's Word file: a paragraph's part in the letter is its style's name, which survives Word."""

from tools.packet.word.outline import Role

STYLES: dict[Role, str] = {
    "notice": "Letter Notice",
    "fixed": "Letter Fixed",
    "subject": "Letter Subject",
    "request": "Letter Request",
    "heading": "Letter Heading",
    "text": "Letter Text",
    "caption": "Letter Caption",
    "closing": "Letter Closing",
}
"""The paragraph style of each role."""

MARK = "Letter Evidence Mark"
"""The character style of a mark such as [E4]."""

ROLE_OF: dict[str, Role] = {name.casefold(): role for role, name in STYLES.items()} | {
    f"heading {level}": "heading" for level in range(1, 7)
}
"""The role of a paragraph by its style's name in small letters; any other style is that of text."""

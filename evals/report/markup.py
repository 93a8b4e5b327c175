"""Build HTML and SVG as escaped text: an element is a string that knows it is markup."""

from collections.abc import Sequence
from html import escape


class Markup(str):
    """Text that is markup already and is not escaped again."""

    __slots__ = ()


def element(tag: str, *children: str, **attributes: str | float) -> Markup:
    """Return an element; plain children are escaped. `class_` gives `class`, `stroke_width` gives `stroke-width`."""
    named = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_figure(value), quote=True)}"'
        for key, value in attributes.items()
    )
    inner = "".join(child if isinstance(child, Markup) else escape(child) for child in children)
    return Markup(f"<{tag}{named}>{inner}</{tag}>")


def joined(*parts: str) -> Markup:
    """Put parts one after another; plain ones are escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in parts))


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], class_: str = "") -> Markup:
    """Return a table; the first cell of a row heads it."""
    head = element("tr", *(element("th", text, scope="col") for text in heads))
    body = [
        element("tr", element("th", row[0], scope="row"), *(element("td", cell) for cell in row[1:])) for row in rows
    ]
    return element("table", element("thead", head), element("tbody", *body), class_=class_)


def _figure(value: str | float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)

"""Cell forms shared by the tables: lists separated by spaces."""

from typing import Annotated

from pydantic import BeforeValidator


def _split(cell: object) -> object:
    return tuple(cell.split()) if isinstance(cell, str) else cell


Codes = Annotated[tuple[str, ...], BeforeValidator(_split)]
Numbers = Annotated[tuple[int, ...], BeforeValidator(_split)]

"""Typed values as JSON text and back, exactly: X12 structs by msgspec, everything else by pydantic.

Decimals travel as strings ("1.10" stays "1.10"), dates in ISO form, bytes as text where they are text and
marked base64 where they are not.
"""

import base64
from functools import cache
from typing import Any, TypeVar

import msgspec
from pydantic import BaseModel
from pydantic_core import PydanticSerializationError, from_json, to_json

Payload = msgspec.Struct | BaseModel
P = TypeVar("P", msgspec.Struct, BaseModel)
S = TypeVar("S", bound=msgspec.Struct)
M = TypeVar("M", bound=BaseModel)

_BYTES = "$base64"
_encoder = msgspec.json.Encoder()


class UnreadablePayload(Exception):
    """A stored value does not fit its type: the database was changed by hand or by another version."""


class UnstorableValue(Exception):
    """A value holds text no database can store, such as half a surrogate pair."""


def encode(value: Payload) -> str:
    """Write a value as JSON text.

    Raises:
        UnstorableValue: the value holds text that is not valid Unicode.
    """
    try:
        if isinstance(value, msgspec.Struct):
            return _encoder.encode(value).decode()
        return _encode_model(value)
    except (UnicodeError, PydanticSerializationError) as error:
        raise UnstorableValue(f"{type(value).__name__} cannot be stored: {error}") from error


def decode_struct(text: str, kind: type[S]) -> S:
    """Read a struct back.

    Raises:
        UnreadablePayload: the text does not fit `kind`.
    """
    try:
        found: S = _decoder(kind).decode(text)
        return found
    except msgspec.MsgspecError as error:
        raise UnreadablePayload(f"stored {kind.__name__} cannot be read: {error}") from error


def decode_model(text: str, kind: type[M]) -> M:
    """Read a pydantic model back.

    Raises:
        UnreadablePayload: the text does not fit `kind`.
    """
    try:
        if _BYTES in text:
            return kind.model_validate(_unmark(from_json(text)))
        return kind.model_validate_json(text)
    except ValueError as error:
        raise UnreadablePayload(f"stored {kind.__name__} cannot be read: {error}") from error


def _encode_model(value: BaseModel) -> str:
    try:
        return value.model_dump_json()
    except PydanticSerializationError:
        # Bytes that are no text (a PDF); anything else that fails here fails again below.
        return to_json(_mark(value.model_dump())).decode()


def _mark(value: Any) -> Any:
    if isinstance(value, bytes):
        return {_BYTES: base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {key: _mark(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mark(item) for item in value]
    return value


def _unmark(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {_BYTES}:
            return base64.b64decode(value[_BYTES])
        return {key: _unmark(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unmark(item) for item in value]
    return value


@cache
def _decoder(kind: type[S]) -> msgspec.json.Decoder[S]:
    return msgspec.json.Decoder(kind)

"""Blank the room an index file keeps for later passages: the library writes there whatever its memory held.

Chroma's graph files are made for a hundred passages at once, and what is not used yet is memory of this process as it
came, words of patients among it. `header.bin` says how many passages there are and how many bytes one takes.
"""

import struct
from pathlib import Path

_HEADER = struct.Struct("<i6Q")
"""Version, offset of the graph, room, passages held, bytes a passage, offset of its label, offset of its vector."""
_LENGTH = 4


def blank_unused_room(folder: Path) -> None:
    """Write zeros over what is beyond the passages held, in every graph of a folder; files keep their lengths."""
    for header in sorted(folder.glob("*/header.bin")):
        _, _, _, held, size, _, _ = _HEADER.unpack(header.read_bytes()[: _HEADER.size])
        for name, each in (("data_level0.bin", size), ("length.bin", _LENGTH)):
            path = header.parent / name
            if path.is_file():
                _blank(path, held * each)


def _blank(path: Path, used: int) -> None:
    length = path.stat().st_size
    if length > used:
        with path.open("r+b") as file:
            file.seek(used)
            file.write(bytes(length - used))

import struct
from pathlib import Path

from knowledge.policies.unused_room import blank_unused_room


def test_what_no_passage_uses_yet_is_blanked_and_passages_stay(tmp_path: Path) -> None:
    graph = tmp_path / "a"
    graph.mkdir()
    header = struct.pack("<i6Q", 1, 0, 4, 1, 8, 4, 0) + b"more"
    (graph / "header.bin").write_bytes(header)
    (graph / "data_level0.bin").write_bytes(b"PASSAGE1" + b"a patient's name out of memory.."[:24])
    (graph / "length.bin").write_bytes(b"used" + b"names of others")
    blank_unused_room(tmp_path)
    assert (graph / "data_level0.bin").read_bytes() == b"PASSAGE1" + bytes(24)
    assert (graph / "length.bin").read_bytes() == b"used" + bytes(15)
    assert (graph / "header.bin").read_bytes() == header

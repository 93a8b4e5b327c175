"""The same packet from any process, whatever its hash seed."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from seed_letter import content, evidence, exhibits
from test_packet_necessary import QUOTE, note, pathology
from tools.packet.packet import build_packet
made = build_packet(content(), (*exhibits(), note("", QUOTE, pdf=pathology(3))), evidence())
print(made.packet_sha256, made.letter_sha256)
"""


def test_same_bytes_in_processes_with_other_hash_seeds() -> None:
    here = Path(__file__).parent
    told = set()
    for seed in ("0", "1", "4242"):
        ran = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(here)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=here.parent.parent,
            capture_output=True,
            text=True,
            check=True,
        )
        told.add(ran.stdout)
    assert len(told) == 1

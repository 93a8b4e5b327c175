"""Measure a large packet: `python -m evals.bench.packets [--rounds N]`; 20 exhibits of 100 pages, form and letter too.

Half of the exhibits are PDFs of five pages with a text layer, in which passages are found and marked; half are notes
and records set by us. Each round is a process of its own, so that fonts and templates are read anew; the time is that
of `build_packet` alone, letter included. Returns 1 when the median misses the bar.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from datetime import date

import typst

from knowledge.types.evidence import Evidence
from knowledge.types.letters import Exhibit, ExhibitPassage, Field, LetterContent, Paragraph, Party, Signature
from knowledge.types.practice import Practice
from tools.packet.forms import fill, own_forms
from tools.packet.packet import build_packet

BAR = 2.0
"""Seconds for a packet of 20 exhibits and 100 pages."""
EXHIBITS, PAGES_EACH = 20, 5


def _pdf(number: int) -> bytes:
    pages = "#pagebreak()\n".join(
        f"= Report {number}, page {page}\n#lorem(380)\n\nFinding {number} on page {page}: as stated in this report.\n"
        for page in range(1, PAGES_EACH + 1)
    )
    made = typst.compile(b'#set page("us-letter")\n' + pages.encode())
    if not isinstance(made, bytes):
        raise TypeError("typst made no document")
    return made


def _note(number: int) -> str:
    line = "Line {} of note {}: she came for her visit, tolerates treatment and wishes to go on with it as ordered."
    return "\n".join(line.format(at, number) for at in range(1, 215))


def _exhibits() -> tuple[Exhibit, ...]:
    out = []
    for number in range(1, EXHIBITS + 1):
        from_elsewhere = number % 2 == 0
        quote = (
            f"Finding {number} on page 4: as stated in this report" if from_elsewhere else f"Line 120 of note {number}:"
        )
        out.append(
            Exhibit(
                key=f"chart:{number}",
                title=f"{'Report' if from_elsewhere else 'Note'} {number}",
                source=f"DocumentReference/{number}",
                proves="What the letter rests on",
                text="" if from_elsewhere else _note(number),
                pdf=_pdf(number) if from_elsewhere else b"",
                passages=(ExhibitPassage(quote=quote, evidence=f"E{number}"),),
                sheet=from_elsewhere,
                whole=True,
            )
        )
    return tuple(out)


def _letter() -> LetterContent:
    ids = [f"E{number}" for number in range(1, EXHIBITS + 1)]
    return LetterContent(
        kind="reconsideration",
        denial_id="den_bench00000001",
        date=date(2026, 5, 1),
        sender=Party(name="Cedar Oncology Associates", lines=("12 Main St, Denver, CO 80202",)),
        addressee=Party(name="Cascade Health Plan", lines=("PO Box 1", "Boise ID 83701")),
        subject="Request for reconsideration",
        facts=(Field(label="Member ID", value="H123"), Field(label="Payer claim number", value="2026032700417")),
        ask="We ask that the line be reviewed.",
        paragraphs=tuple(
            Paragraph(heading="The record", text=f"See the record [{one}].", evidence=(one,)) for one in ids
        ),
        signature=Signature(name="Billing Office", role="Billing office"),
    )


def measure() -> dict[str, float]:
    """Build the packet once in this process; return seconds, pages and bytes."""
    exhibits, letter = _exhibits(), _letter()
    evidence = tuple(Evidence(id=f"E{n}", kind="chart", source="", says="") for n in range(1, EXHIBITS + 1))
    form = fill(own_forms()["provider-dispute"], letter, Practice(name="Cedar Oncology Associates"), evidence)
    start, busy = time.perf_counter(), time.process_time()
    packet = build_packet(letter, exhibits, evidence, (form,))
    return {
        "seconds": time.perf_counter() - start,
        "processor": time.process_time() - busy,
        "pages": packet.pages,
        "bytes": len(packet.packet),
    }


def main() -> int:
    """Run the rounds and print the median; return 1 when it misses the bar."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench.packets", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="processes, one packet each (default 5)")
    parser.add_argument("--once", action="store_true", help="build one packet in this process")
    given = parser.parse_args()
    if given.once:
        sys.stdout.write(json.dumps(measure()) + "\n")
        return 0
    found = []
    for _ in range(given.rounds):
        ran = subprocess.run(
            [sys.executable, "-m", "evals.bench.packets", "--once"], check=True, capture_output=True, text=True
        )
        found.append(json.loads(ran.stdout))
    median = statistics.median(one["seconds"] for one in found)
    busy = statistics.median(one["processor"] for one in found)
    told = {"exhibits": EXHIBITS, "pages": found[0]["pages"], "bytes": found[0]["bytes"]}
    told |= {
        "processor_seconds_median": round(busy, 3),
        "seconds_median": round(median, 3),
        "seconds_most": round(max(one["seconds"] for one in found), 3),
        "bar": BAR,
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return 0 if median <= BAR and found[0]["pages"] >= 100 else 1


if __name__ == "__main__":
    raise SystemExit(main())

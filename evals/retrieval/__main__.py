"""Print recall by words, by meaning and by both; exit with 1 below the bar: `python -m evals.retrieval`."""

import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evals.retrieval.measure import BAR, by_both, by_meaning, by_words, measure
from evals.retrieval.questions import test
from evals.statistics import clopper_pearson
from knowledge.policies.encoder import EncoderMissing
from knowledge.policies.index import open_index


def main() -> int:
    """Measure on the test questions and print the table and what was missed."""
    console = Console()
    asked = test()
    found = [measure("words (BM25)", asked, by_words)]
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            open_index(Path(folder), {item.policy.policy_id: item.policy for item in asked}.values()) as index,
        ):
            found += [measure("meaning (vectors)", asked, by_meaning(index)), measure("both", asked, by_both(index))]
    except EncoderMissing as missing:
        console.print(f"words alone: {missing}")
    table = Table("search", "recall@1", "recall@3", "95% interval of recall@3")
    for recall in found:
        low, high = clopper_pearson(recall.among_three, recall.questions)
        table.add_row(recall.name, f"{recall.at_1:.3f}", f"{recall.at_3:.3f}", f"{low:.3f} to {high:.3f}")
    shared = sum(len(item.shared) for item in asked) / len(asked)
    passages = sum(len(item.passages) for item in asked) / len(asked)
    console.print(table)
    console.print(
        f"{len(asked)} questions, {passages:.1f} passages to choose from, {shared:.2f} stems shared with the answer"
    )
    for missed in found[-1].missed:
        console.print(f"missed by {found[-1].name}: {missed}")
    return 0 if found[-1].at_3 >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())

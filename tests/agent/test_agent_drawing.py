"""The machine's map: what the graph is, as drawn, against a drawing that people have looked at."""

from pathlib import Path

from langgraph.checkpoint.memory import InMemorySaver

from agent.graph import build_machine

GOLDEN = Path(__file__).with_name("golden") / "machine.mmd"


def test_the_machine_is_the_one_that_was_drawn() -> None:
    drawn = build_machine(InMemorySaver()).get_graph().draw_mermaid()
    assert drawn == GOLDEN.read_text(), f"the machine has changed: look at it and update {GOLDEN.name}"

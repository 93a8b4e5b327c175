"""The map: link → investigate → diagnose → decide → draft → verify → release | review → finish."""

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agent.desk import Desk
from agent.nodes.decide import decide
from agent.nodes.diagnose import diagnose
from agent.nodes.draft import draft
from agent.nodes.finish import finish
from agent.nodes.investigate import investigate
from agent.nodes.link import link
from agent.nodes.release import release
from agent.nodes.review import review
from agent.nodes.verify import verify
from agent.state import CaseState

Machine = CompiledStateGraph[CaseState, Desk, CaseState, CaseState]


def _route(state: CaseState) -> str:
    return "review" if state["route"] == "review" else "release"


def _answer(state: CaseState) -> str:
    return "draft" if state["answer"] == "edit" else "finish"


def build_machine(checkpointer: BaseCheckpointSaver[str]) -> Machine:
    """Wire the steps; one thread a denial, its id the denial's."""
    graph = StateGraph(CaseState, context_schema=Desk)
    for name, step in (
        ("link", link),
        ("investigate", investigate),
        ("diagnose", diagnose),
        ("decide", decide),
        ("draft", draft),
        ("verify", verify),
        ("release", release),
        ("review", review),
        ("finish", finish),
    ):
        graph.add_node(name, step)
    graph.add_edge(START, "link")
    graph.add_edge("link", "investigate")
    graph.add_edge("investigate", "diagnose")
    graph.add_edge("diagnose", "decide")
    graph.add_edge("decide", "draft")
    graph.add_edge("draft", "verify")
    graph.add_conditional_edges("verify", _route, ["release", "review"])
    graph.add_edge("release", "finish")
    graph.add_conditional_edges("review", _answer, ["draft", "finish"])
    graph.add_edge("finish", END)
    return graph.compile(checkpointer=checkpointer)

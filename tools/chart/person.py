"""Who a chart is about: the one Patient of a bundle, with the member ids of its Coverages."""

from knowledge.types.chart import Person
from tools.chart.node import Node


def read_person(patient: Node, name: str, coverages: tuple[Node, ...]) -> Person:
    """Read the Patient `name`; `identifiers` are its own values, then each Coverage's subscriberId."""
    called = _name(patient)
    identifiers = [item.text("value") for item in patient.children("identifier")]
    identifiers += [coverage.text("subscriberId") for coverage in coverages]
    given = called.texts("given")
    return Person(
        resource=name,
        identifiers=tuple(dict.fromkeys(value for value in identifiers if value)),
        last=called.text("family"),
        first=given[0] if given else "",
        birth_date=patient.day("birthDate"),
        sex=patient.text("gender").lower(),
    )


def _name(patient: Node) -> Node:
    """Prefer the official name; an old or maiden name is used only when there is no other."""
    names = sorted(patient.children("name"), key=lambda name: _RANK.get(name.text("use"), 2))
    return names[0] if names else Node(None, f"{patient.path}.name", patient.trouble)


_RANK = {"official": 0, "usual": 1, "": 1, "old": 3, "maiden": 3}

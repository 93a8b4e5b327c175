"""The read-only tools of a reading: each answers from this case's own records, and none can change anything.

A tool is its name, what it is for, a strict schema of its arguments, and a function of the case. Arguments are held
against the schema before the function sees them.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from agent.diagnosis.inquiry import Inquiry
from agent.model import Tool, ToolCall
from agent.reading import case_tools, text_tools
from agent.reading.library import Library

Answerer = Callable[[Inquiry, Library, Mapping[str, Any]], object]


def _tool(name: str, description: str, **properties: dict[str, Any]) -> Tool:
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return Tool(name=name, description=description, parameters=schema)


_QUERY = {"type": "string", "description": 'Words to look for, such as "HER2 IHC" or "progression carboplatin".'}

_REGISTRY: tuple[tuple[Tool, Answerer], ...] = (
    (
        _tool(
            "search_chart",
            "Find passages in the documents of this patient's chart. Returns up to 6 passages with the id of the text.",
            query=_QUERY,
        ),
        text_tools.search_chart,
    ),
    (
        _tool(
            "search_policy",
            "Find sections of the payer's policy in force on the date of service. Returns up to 4 with their ids.",
            query=_QUERY,
        ),
        text_tools.search_policy,
    ),
    (
        _tool(
            "read_text",
            "Read a chart document or policy section by its id. Long texts come in parts: ask on from next_offset.",
            text_id={"type": "string", "description": 'Such as "D2" or "P1".'},
            offset={"type": "integer", "description": "First character wanted, 0 for the beginning."},
        ),
        text_tools.read_text,
    ),
    (
        _tool("remit_line", "How the payer adjudicated the denied line: amounts, reasons, remarks and what they mean."),
        case_tools.remit_line,
    ),
    (
        _tool(
            "authorizations",
            "Every authorization of this member with this payer, and how the one joined to the line compares with it.",
        ),
        case_tools.authorizations,
    ),
    (
        _tool("dose_and_units", "Dose ordered and given, units billed, waste, limits, interval: computed by code."),
        case_tools.dose_and_units,
    ),
    (
        _tool(
            "code_validity",
            "Whether a HCPCS code was in force on the date of service, its unit, and what replaced it.",
            hcpcs={"type": "string", "description": "The code, five characters."},
        ),
        case_tools.code_validity,
    ),
    (
        _tool("timeliness", "Dates sent, received and answered, and the payer's filing limit."),
        case_tools.timeliness,
    ),
    (
        _tool("coverage", "Verified coverage of this member on the date of service."),
        case_tools.coverage,
    ),
)

TOOLS: tuple[Tool, ...] = tuple(tool for tool, _ in _REGISTRY)
_ANSWERERS = {tool.name: (tool, answer) for tool, answer in _REGISTRY}

MAX_RESULT = 8_000
"""Characters of a tool's answer that go to the model."""


def run_tool(call: ToolCall, q: Inquiry, library: Library) -> str:
    """Answer a call as JSON; a call of no such tool, or with other arguments than its schema's, is answered so."""
    known = _ANSWERERS.get(call.name)
    if known is None:
        return json.dumps({"error": f"there is no tool {call.name[:40]}", "tools": sorted(_ANSWERERS)})
    tool, answer = known
    fault = next(iter(Draft202012Validator(tool.parameters).iter_errors(call.arguments)), None)
    if fault is not None:
        return json.dumps({"error": f"the arguments do not fit: {fault.message[:200]}"})
    shown = json.dumps(answer(q, library, call.arguments), ensure_ascii=False, default=str)
    return shown if len(shown) <= MAX_RESULT else json.dumps({"error": "too long: ask for less", "chars": len(shown)})

"""The language model: the only way to it, what may go wrong with it, and what it has cost.

`asking.py` is what the rest of the program knows of a model; `client.py` is the only importer of openai.
"""

from agent.model.asking import (
    FaultKind,
    Message,
    Model,
    ModelFault,
    Reply,
    ResponseSchema,
    Tool,
    ToolCall,
    Usage,
)

__all__ = ["FaultKind", "Message", "Model", "ModelFault", "Reply", "ResponseSchema", "Tool", "ToolCall", "Usage"]

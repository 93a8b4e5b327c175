"""The state machine: one LangGraph thread a denial."""

import os

os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")  # read when langgraph is first imported: no pickles, ever

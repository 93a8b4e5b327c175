"""The state machine: one LangGraph thread a denial."""

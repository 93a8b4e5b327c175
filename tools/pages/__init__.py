"""Pages for the practice's own file: one page of plain facts, typeset like the letters, never sent to anybody."""

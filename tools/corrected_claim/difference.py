"""Tell a person what a corrected claim changes."""

from collections.abc import Iterable

from knowledge.types.corrections import DiffRow


def render_diff_text(rows: Iterable[DiffRow]) -> str:
    r"""Return the difference as lines of text: what changed on the claim, why, then the new numbers.

    >>> row = DiffRow(loop="2300", segment="CLM", element="CLM05-3", before="1", after="7", why="Replaces it")
    >>> render_diff_text([row])
    '2300  CLM  CLM05-3: 1 -> 7\n      Replaces it\n'
    """
    listed = list(rows)
    lines: list[str] = []
    why = ""
    for row in listed:
        if row.part == "envelope":
            continue
        reason = row.why + (f" [{', '.join(row.evidence)}]" if row.evidence else "")
        if lines and reason != why:
            lines.append(f"      {why}")
        why = reason
        lines.append(f"{row.loop}  {_change(row)}")
    if lines:
        lines.append(f"      {why}")
    fresh = [f"{row.element} {row.before} -> {row.after}" for row in listed if row.part == "envelope"]
    if fresh:
        lines.append("envelope  " + ", ".join(fresh))
    return "".join(line + "\n" for line in lines)


def _change(row: DiffRow) -> str:
    if row.before is None:
        return f"added {row.after}"
    if row.after is None:
        return f"removed {row.before}"
    name = f"{row.segment}  {row.element}" if row.element else row.segment
    return f"{name}: {row.before or '(blank)'} -> {row.after or '(blank)'}"

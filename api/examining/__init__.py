"""What is misconfigured in a home and its environment: findings, each with what to do. Changes nothing.

A home of an older version is not opened, for that would upgrade it; what its records would tell is then left out.
"""

from api.examining.finding import Examined, Finding, Grade
from api.examining.home import look_at_codes, look_at_fonts, look_at_home, look_at_key
from api.examining.network import look_at_address, look_at_others, look_at_port, look_at_watched_folder
from api.examining.records import look_at_records
from api.examining.variables_set import look_at_model_settings, look_at_variables
from knowledge.sealing import BadKey, key_in

__all__ = ["Examined", "Finding", "Grade", "examine"]

_LOOKS = (
    look_at_variables,
    look_at_model_settings,
    look_at_home,
    look_at_address,
    look_at_port,
    look_at_others,
    look_at_watched_folder,
    look_at_codes,
    look_at_fonts,
)


def examine(examined: Examined) -> tuple[Finding, ...]:
    """Look at everything; give what was found, worst first."""
    found = [finding for look in _LOOKS for finding in look(examined)]
    try:
        key = key_in(examined.environment)
    except BadKey as fault:
        does = "set the key as `overturn keys new` made it, in a file that its owner alone can read"
        found.append(Finding("wrong", "encryption", str(fault), "no command opens the home", does))
    else:
        found += [*look_at_key(examined, key), *look_at_records(examined, key)]
    order = ("wrong", "unwise", "note")
    return tuple(sorted(found, key=lambda finding: order.index(finding.grade)))

"""Takes what was declared and what was read; gives warnings for what nothing reads."""

from __future__ import annotations

from tallystick.rules.check.names import Sort
from tallystick.rules.check.scope import Check
from tallystick.rules.check_errors import unused as say
from tallystick.rules.rulebook import ROLES

_SORTS: tuple[Sort, ...] = ("field", "attribute", "parameter", "measure")


def warn(check: Check) -> None:
    """Warn of every field, attribute, parameter and measure that nothing reads."""
    if check.damaged or check.unresolved or check.names.open:
        return
    for site in check.names.of_sort(*_SORTS):
        if site.name not in check.used and not (site.sort == "field" and site.name in ROLES):
            check.report(say.unused(check.source, site))

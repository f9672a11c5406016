"""Takes a declaration that nothing reads; gives its words."""

from __future__ import annotations

from tallystick.rules.check.names import Site
from tallystick.rules.check_errors.drawing import warning
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source


def unused(source: Source, site: Site) -> Diagnostic:
    """A name that nothing reads."""
    reads = {
        "measure": "no rule, requirement or measure reads it",
        "parameter": "nothing reads it",
        "field": "no declaration reads it, and only declared fields are ever read",
        "attribute": "no declaration reads it, and only declared attributes are ever read",
    }
    return warning(
        Mistake.UNUSED,
        source,
        site.span,
        f"{site.sort} `{site.name}` is never used",
        notes=(reads.get(site.sort, "nothing reads it"),),
        help="leave it out, or use it",
    )

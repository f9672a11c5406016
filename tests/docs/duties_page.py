"""Takes the table of duties; writes its clauses into ``docs/duties.md``.

What stands between ``<!-- clauses of NAME -->`` and ``<!-- end -->`` is made here; the rest is written by hand.
"""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from pathlib import Path

from tallystick.explain.duties.checks import EXPLANATION_CHECKS
from tallystick.explain.duties.clauses import DUTIES, Clause, Duty, DutyName
from tallystick.explain.duties.rulebook import PHRASES, RULEBOOK_CHECKS

PAGE = Path(__file__).parents[2] / "docs" / "duties.md"
MADE = re.compile(r"(<!-- clauses of ([a-z0-9-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def section(duty: Duty) -> str:
    """Return what is made for one duty: its title, whom it binds, its clauses, and where they can be read."""
    sources = list(dict.fromkeys(each.source for each in duty.clauses))
    return "\n".join(
        (
            f"**{duty.title}.** {duty.scope}",
            "",
            "| clause | what it asks | who looks |",
            "|---|---|---|",
            *(_row(each, sources.index(each.source) + 1) for each in duty.clauses),
            "",
            " · ".join(f"[{number}] <{source}>" for number, source in enumerate(sources, 1)),
            "",
        )
    )


def _row(clause: Clause, source: int) -> str:
    return f"| `{clause.name}`, {clause.clause} | {clause.asks} [{source}] | {_who(clause)} |"


def _who(clause: Clause) -> str:
    """Say who looks whether a clause is met."""
    if clause.for_you is not None:
        return f"you: {clause.for_you}"
    looks = {"`tally check`": clause.name in RULEBOOK_CHECKS or clause.name == PHRASES}
    looks["`tally explain`"] = clause.name in EXPLANATION_CHECKS
    return ", ".join(command for command, does in looks.items() if does)


def made(page: str) -> str:
    """Return the page with every made part made anew; each duty must have one."""
    there = [match[2] for match in MADE.finditer(page)]
    if there != list(DutyName):
        sys.exit(f"{PAGE.name} has the duties {', '.join(there)}, and there are {', '.join(DutyName)}")
    return MADE.sub(lambda match: f"{match[1]}\n{section(DUTIES[DutyName(match[2])])}\n{match[3]}", page)


def main() -> None:
    """Write the page anew."""
    ArgumentParser(description=__doc__).parse_args()
    PAGE.write_text(made(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

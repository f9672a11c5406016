"""Takes a run; gives everybody's explanation on stdout, so that each person can be sent theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from tallystick.cli.commands.by_options import part_of
from tallystick.cli.complaints import Stop
from tallystick.cli.streams import put
from tallystick.cli.worded import worded
from tallystick.rules.audience import Audience

if TYPE_CHECKING:
    from tallystick.engine.run import FinishedRun
    from tallystick.explain.document import Explanation

Form = Literal["text", "markdown", "ndjson"]


class Told(Struct, frozen=True):
    """How everybody is told: in which form and language, to whom, with evidence or without, and of which value of the
    field that the score is by (None: of each)."""

    form: Form
    language: str | None
    audience: Audience
    evidence: bool
    value: str | None


def form_of(output: str) -> Form:
    """Return the form in which many explanations can follow each other."""
    match output:
        case "text" | "markdown" | "ndjson":
            return output
        case "json":
            message = "many JSON documents are no JSON document"
            raise Stop(message, help="write `--format ndjson`: one document a line")
        case _:
            message = "one HTML page is one person's"
            raise Stop(message, help="`tally publish RUN --out SITE` writes a page for each person")


def tell_everybody(run: FinishedRun, how: Told) -> None:
    """Put out everybody's explanation, one after another."""
    from tallystick.explain.audience.for_audience import Showing
    from tallystick.explain.everybody import everybody

    now, written = datetime.now(UTC), _written(how.form)
    with worded(run, how.language) as told:
        between = ""
        for part in told.parts() if how.value is None else (part_of(told, how.value),):
            showing = Showing(part.rulebook, how.audience)
            for each in everybody(part, evidence=how.evidence, computed_at=now):
                put(f"{between}{written(showing.of(each))}\n")
                between = "" if how.form == "ndjson" else "\n"


def _written(form: Form) -> Callable[[Explanation], str]:
    """Return what writes one explanation, without the line break at its end."""
    match form:
        case "text":
            return lambda each: each.text().removesuffix("\n")
        case "markdown":
            return lambda each: each.markdown().removesuffix("\n")
        case "ndjson":
            return lambda each: each.json(indent=None)

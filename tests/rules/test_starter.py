"""Takes the answers that ``tally init`` can get; checks that each rulebook proposed from them is without a warning."""

from __future__ import annotations

from itertools import product
from typing import Literal

import pytest

from tallystick.engine.intake.proposal import MOST_KINDS
from tallystick.rules.load import read
from tallystick.rules.source import Source
from tallystick.rules.starter import Answers, KindAnswer, rulebook_text

KINDS = {
    "one of their own": (True,),
    "one of others": (False,),
    "both": (True, False),
    "two of their own": (True, True),
    "two of others": (False, False),
    "as many as are proposed": (True, False, False) * (MOST_KINDS // 3),
}
AtType = Literal["time", "date", 'time in "UTC"']
AT_TYPES: tuple[AtType, ...] = ("time", "date", 'time in "UTC"')


@pytest.mark.parametrize("kinds", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("actor", [None, "who"], ids=["no actor", "actor"])
@pytest.mark.parametrize("at_type", AT_TYPES)
def test_every_proposed_rulebook_checks_without_a_warning(
    kinds: tuple[bool, ...], actor: str | None, at_type: AtType
) -> None:
    """Whatever the file holds: one kind or many, done by the person or by others, with an actor, an id, or without."""
    for identity, optional in product((None, "number"), (False, True)):
        answers = Answers(
            name="My score",
            owner="Nobody yet",
            records=None,
            subject="whom",
            actor=actor,
            kind="what",
            at="when",
            id=identity,
            at_type=at_type,
            kinds=tuple(KindAnswer(f"kind_{n}", (f"kind {n}",), own=own) for n, own in enumerate(kinds)),
            actor_optional=optional and actor is not None,
        )
        rulebook, diagnostics = read(Source("rules.tally", rulebook_text(answers)))
        assert rulebook is not None
        assert diagnostics == ()

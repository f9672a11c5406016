"""A fact is to pydantic what a model of the same fields is, and costs less to make."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest
from msgspec import field
from pydantic import Field, ValidationError

from tallystick.explain.digits import Digits
from tallystick.explain.fact import Fact
from tallystick.explain.part import Part
from tallystick.explain.printable import printable_json


class Step(Fact, frozen=True, kw_only=True):
    """A step, which may
    stand within another."""

    sort: Literal["up", "down"]
    points: Digits | None
    first: date = field(name="from")
    worked_out: bool = True
    names: dict[str, str] = field(default_factory=dict)
    within: tuple[Step, ...] = ()


class Holder(Part):
    """A document."""

    step: Step | None
    steps: tuple[Step, ...] = ()


def _modelled() -> type[Part]:
    """Return the same document, all of models, which have the same names."""

    class Step(Part):
        """A step, which may
        stand within another."""

        sort: Literal["up", "down"]
        points: Digits | None
        first: date = Field(serialization_alias="from", validation_alias="from")
        worked_out: bool = True
        names: dict[str, str] = Field(default_factory=dict)
        within: tuple[Step, ...] = ()

    class Holder(Part):
        """A document."""

        step: Step | None
        steps: tuple[Step, ...] = ()

    Step.model_rebuild(_types_namespace={"Step": Step})
    Holder.model_rebuild(_types_namespace={"Step": Step})
    return Holder


INNER = Step(sort="down", points="-0.5", first=date(2026, 1, 2))
DOCUMENT = Holder(step=INNER, steps=(Step(sort="up", points=None, first=date(2026, 1, 1), within=(INNER, INNER)),))


def test_a_fact_is_described_as_a_model_is() -> None:
    """The schema is the same, word for word."""
    assert Holder.model_json_schema(mode="serialization") == _modelled().model_json_schema(mode="serialization")


def test_a_fact_is_written_and_read_as_a_model_is() -> None:
    """What is written is the same, character for character, by pydantic too; and comes back as what it was."""
    text = printable_json(DOCUMENT, indent=None)
    assert text == DOCUMENT.model_dump_json(by_alias=True)
    assert text == _modelled().model_validate_json(text).model_dump_json(by_alias=True)
    assert Holder.model_validate_json(text) == DOCUMENT


@pytest.mark.parametrize(
    ("right", "wrong"),
    [('"points":"-0.5"', '"points":"half"'), ('"sort":"down"', '"sort":"left"'), ('"points"', '"more":1,"points"')],
    ids=["not digits", "no such word", "a name too many"],
)
def test_what_is_no_fact_is_refused(right: str, wrong: str) -> None:
    """What is read is looked at as closely as a model is."""
    with pytest.raises(ValidationError):
        Holder.model_validate_json(printable_json(DOCUMENT, indent=None).replace(right, wrong))

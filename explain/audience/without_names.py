"""Takes a document about many people; gives it for somebody else than the auditor: figures stay, single people go."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.explain.audit.fairness_document import FairnessOfRun, GroupsCompared
from tallystick.explain.audit.stability_document import StabilityOfScore
from tallystick.explain.comparison.document import ComparedDefinitions
from tallystick.explain.difference.moved_document import EffectOnPeople, Furthest, MovedEdit, MovedPeople
from tallystick.explain.plain import counted

_NOBODY = "(not shown)"


def moved_without_names(moved: MovedPeople) -> MovedPeople:
    """Return who is moved by a change, in numbers alone."""
    return moved.model_copy(
        update={
            "furthest_up": (),
            "furthest_down": (),
            "beyond": None,
            "people": (),
            "edits": tuple(map(_edit, moved.edits)),
            "withheld": tuple(_moved(moved)),
        }
    )


def _moved(moved: MovedPeople) -> Iterator[str]:
    if moved.people:
        yield f"Who is moved is not shown: {_people(len(moved.people))}. Names of people are for the auditor."
    if moved.beyond is not None and moved.beyond.people:
        beyond = _people(len(moved.beyond.people))
        yield f"Moved by more than {moved.beyond.limit} points, or without a score now: {beyond}, not named."


def _edit(edit: MovedEdit) -> MovedEdit:
    alone = None if edit.alone is None else _effect(edit.alone)
    return edit.model_copy(update={"effect": _effect(edit.effect), "alone": alone})


def _effect(effect: EffectOnPeople) -> EffectOnPeople:
    return effect.model_copy(
        update={"furthest_up": _furthest(effect.furthest_up), "furthest_down": _furthest(effect.furthest_down)}
    )


def _furthest(found: Furthest | None) -> Furthest | None:
    return None if found is None else found.model_copy(update={"subject": _NOBODY})


def stability_without_names(found: StabilityOfScore) -> StabilityOfScore:
    """Return how a score behaves, in numbers alone."""
    single = len(found.furthest) + len(found.furthest_quiet) + len(found.most_back_and_forth)
    withheld = ("Moves of single people are not shown. They are for the auditor.",) if single else ()
    return found.model_copy(
        update={"furthest": (), "furthest_quiet": (), "most_back_and_forth": (), "withheld": withheld}
    )


def fairness_without_few(found: FairnessOfRun) -> FairnessOfRun:
    """Return how groups fare without groups of so few that a figure of theirs would tell of single people."""
    comparisons = tuple(map(_comparison, found.comparisons))
    return found.model_copy(
        update={
            "comparisons": comparisons,
            "file": found.file.model_copy(
                update={
                    "rejected": tuple(
                        each.model_copy(update={"field": "", "reason": _NOBODY}) for each in found.file.rejected
                    )
                }
            ),
            "withheld": tuple(_few(found)),
        }
    )


def _comparison(found: GroupsCompared) -> GroupsCompared:
    few = {each.values for each in found.groups if each.small == "few people"}
    return found.model_copy(
        update={
            "groups": tuple(each for each in found.groups if each.values not in few),
            "highest": None if found.highest in few else found.highest,
            "reference": None if found.reference in few else found.reference,
            "gaps": tuple(each for each in found.gaps if each.values not in few and found.reference not in few),
        }
    )


def _few(found: FairnessOfRun) -> Iterator[str]:
    for each in found.comparisons:
        few = [group for group in each.groups if group.small == "few people"]
        if few:
            groups = counted(f"{len(few):,}", "group", "groups")
            people = _people(sum(group.people for group in few))
            yield (
                f"By {' and '.join(each.by)}: {groups} of fewer than {found.fewest_people} people with a score "
                f"are not shown, {people} together. Their figures would tell of single people."
            )


def comparison_without_names(found: ComparedDefinitions) -> ComparedDefinitions:
    """Return how definitions agree, in numbers alone."""
    withheld = (f"{_people(len(found.people))} and their scores are not shown. They are for the auditor.",)
    return found.model_copy(update={"people": (), "furthest": (), "person": None, "withheld": withheld})


def _people(number: int) -> str:
    return counted(f"{number:,}", "person", "people")

"""Takes a checked rulebook and the names of duties; gives what it must add, or take out, each with its place."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from tallystick.explain.duties.clauses import DUTIES, Clause, DutyName
from tallystick.explain.duties.lacks import Lack
from tallystick.explain.duties.rulebook import PHRASES, RULEBOOK_CHECKS, PlacedLack, Written, phrases
from tallystick.explain.duties.words import missing_words
from tallystick.rules.check_errors.duties import duty_forbidden, duty_missing
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic, in_order
from tallystick.rules.parse.parse import parse
from tallystick.rules.rulebook import Rulebook


def with_duties(
    diagnostics: tuple[Diagnostic, ...], rulebook: Rulebook, names: Iterable[DutyName]
) -> tuple[Diagnostic, ...]:
    """Add to what the checker found what stands in the way of the duties.

    A ``because`` that a duty asks for is told once: as an error, and no longer as the checker's warning.
    """
    source = rulebook.source
    file, _ = parse(source)
    if file is None:
        return diagnostics
    written = Written(rulebook, file)
    lacks, found = _found(written, [each for name in dict.fromkeys(names) for each in DUTIES[name].clauses])
    for lack, asked in lacks.items():
        missing, add = missing_words(lack.lack, lack.name)
        found.append(duty_missing(source, lack.place, missing, add, clauses=tuple(asked)))
    silent = {lack.place for lack in lacks if lack.lack in (Lack.BECAUSE, Lack.WORDS)}
    kept = (each for each in diagnostics if each.name != Mistake.NO_REASON.value or each.primary.span not in silent)
    return in_order((*kept, *found))


def _found(written: Written, clauses: list[Clause]) -> tuple[dict[PlacedLack, list[str]], list[Diagnostic]]:
    """Return each thing that is missing once, with all who ask for it, and the phrases that must not stand there."""
    lacks: dict[PlacedLack, list[str]] = {}
    found: list[Diagnostic] = []
    for clause in clauses:
        look = RULEBOOK_CHECKS.get(clause.name)
        for lack in () if look is None else look(written):
            lacks.setdefault(lack, []).append(_asks(clause))
        if clause.name == PHRASES:
            found += [
                duty_forbidden(written.file.source, each.place, each.phrase.text, clauses=(_asks(clause),))
                for each in phrases(written)
            ]
    for words in [lack for lack in lacks if lack.lack is Lack.WORDS]:  # a reason is words, too
        because = replace(words, lack=Lack.BECAUSE)
        if because in lacks:
            lacks[because] = [*lacks.pop(words), *lacks[because]]
    return lacks, found


def _asks(clause: Clause) -> str:
    return f"{clause.name}, {clause.clause}: {clause.asks}"

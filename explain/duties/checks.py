"""Takes an explanation and the name of a clause; gives what the explanation has, or lacks, for it.

Nothing is worked out anew: each look compares what stands in the explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from tallystick.engine.arithmetic import subtract
from tallystick.explain.document import Explanation
from tallystick.explain.duties.lacks import Found, Lack, Lacking, Said
from tallystick.explain.duties.phrases import forbidden, says
from tallystick.explain.tree.lines import Line
from tallystick.explain.tree.scores import Reason
from tallystick.explain.what_if.could_change_document import EnoughActions, NoActionRaises, TooFewActions
from tallystick.rules.audience import Audience

MOST_REASONS = 4
"""More are not likely to help, by the comment to Regulation B."""

Check = Callable[[Explanation], Found]


def _text(value: str | None, pointer: str, lack: Lack) -> Found:
    """Look for a text that says something."""
    return Found((pointer,)) if says(value) else Found(lacking=(Lacking(lack),))


def _both(*found: Found) -> Found:
    """Return what several looks found together."""
    return Found(
        tuple(each for one in found for each in one.pointers),
        tuple(each for one in found for each in one.lacking),
        tuple(each for one in found for each in one.said),
    )


def _each_line(document: Explanation, lack: Lack, has: Callable[[Line], str | None]) -> Found:
    """Look at every line; ``has`` names the member that it has, or None. Without lines there is nothing to look at, and
    a line that is withheld from whoever reads has no account."""
    if not document.lines:
        return Found(lacking=(Lacking(Lack.LINES),))
    return _both(
        *(
            Found(lacking=(Lacking(lack, line.rule),))
            if (member := has(line)) is None
            else Found((f"/lines/{place}/{member}",))
            for place, line in enumerate(document.lines)
        ),
        *(Found(lacking=(Lacking(Lack.HIDDEN, rule),)) for each in document.withheld for rule in each.rules),
    )


def _unlined(document: Explanation) -> bool:
    """Say whether something else than lines settled the result: a requirement that was not met, or needs alone."""
    return document.outcome != "scored" or not document.lines


def _settled(document: Explanation) -> Found:
    """Look for what stands in place of lines and reasons, and for its words."""
    if document.outcome == "scored" and document.band is not None and document.band.levels:
        return _both(
            *(
                Found((f"/band/levels/{place}/needs",))
                if all(each.words.strip() for each in level.needs)
                else Found(lacking=(Lacking(Lack.REQUIREMENT_WORDS, level.name),))
                for place, level in enumerate(document.band.levels)
            )
        )
    if document.requirement is None:
        return Found(lacking=(Lacking(Lack.REQUIREMENT_WORDS),))
    if not document.requirement.words.strip():
        return Found(lacking=(Lacking(Lack.REQUIREMENT_WORDS, document.requirement.name),))
    return Found(("/requirement/words",))


# ---- the rulebook's own words -------------------------------------------------------------------------------------


def _purpose(document: Explanation) -> Found:
    return _text(document.rulebook.purpose, "/rulebook/purpose", Lack.PURPOSE)


def _source(document: Explanation) -> Found:
    return _text(document.rulebook.source, "/rulebook/source", Lack.SOURCE)


def _contact(document: Explanation) -> Found:
    return _text(document.rulebook.contact, "/rulebook/contact", Lack.CONTACT)


def _who(document: Explanation) -> Found:
    return _both(_text(document.rulebook.owner, "/rulebook/owner", Lack.OWNER), _contact(document))


# ---- data, and how they were used ---------------------------------------------------------------------------------


def _data(document: Explanation) -> Found:
    data = document.data
    read = [("/data/fields", data.fields), ("/data/attributes", data.attributes)]
    there = tuple(pointer for pointer, names in read if names)
    return Found(there) if there else Found(lacking=(Lacking(Lack.DATA),))


def _use(document: Explanation) -> Found:
    def account(line: Line) -> str | None:
        if line.working is not None:
            return "working"
        return None if line.state == "applies" else "state"

    return _settled(document) if _unlined(document) else _each_line(document, Lack.ACCOUNT, account)


def _words(document: Explanation) -> Found:
    if _unlined(document):
        return _settled(document)
    return _each_line(
        document,
        Lack.WORDS,
        lambda line: "why" if says(line.why) else "says" if says(line.says) else None,
    )


def _absent(document: Explanation, lack: Lack) -> Found:
    """Say that something is not there, or cannot be, since the public sees nothing of one person's data."""
    return Found(lacking=(Lacking(Lack.HIDDEN if document.audience is Audience.PUBLIC else lack),))


def _variation(document: Explanation) -> Found:
    if not document.could_change:
        return _absent(document, Lack.VARIATION)
    tried = tuple(
        f"/could_change/{place}"
        for place, each in enumerate(document.could_change)
        if isinstance(each, EnoughActions | TooFewActions) or (isinstance(each, NoActionRaises) and each.lowered_by)
    )
    return Found(tried) if tried else Found(lacking=(Lacking(Lack.ANY_VARIATION),))


def _meaning(document: Explanation) -> Found:
    if document.outcome != "scored":
        return _settled(document)
    return Found(lacking=(Lacking(Lack.BANDS),)) if document.band is None else Found(("/scale", "/band"))


def _receipt(document: Explanation) -> Found:
    return _absent(document, Lack.RECEIPT) if document.receipt is None else Found(("/receipt",))


def _withheld(document: Explanation) -> Found:
    return _both(
        Found(("/withheld",)),
        *(Found(lacking=(Lacking(Lack.WITHHELD_BECAUSE),)) for each in document.withheld if not each.because.strip()),
    )


def _copy(document: Explanation) -> Found:
    if not document.records and document.data.taken_in:
        return _absent(document, Lack.RECORDS)
    inputs = tuple(f"/lines/{place}/inputs" for place, line in enumerate(document.lines) if line.inputs)
    return Found(("/records", *inputs))


# ---- parameters and their weight ----------------------------------------------------------------------------------


def _parameters(document: Explanation) -> Found:
    return _each_line(document, Lack.LINES, lambda _: "title")


def _why_suggested(document: Explanation) -> Found:
    return _both(_text(document.rulebook.measures, "/rulebook/measures", Lack.MEASURES), _any_reason(document))


def _any_reason(document: Explanation) -> Found:
    if _unlined(document):
        return _settled(document)
    there = Found(("/principal_reasons",)) if document.principal_reasons else Found(lacking=(Lacking(Lack.REASONS),))
    return there if any(_moved(line, document) for line in document.lines) else Found(("/lines",))


def _moved(line: Line, document: Explanation) -> bool:
    """Say whether a line gave or took anything, or could have."""
    return _gap(line, document) is not None or (line.points is not None and Decimal(line.points) != 0)


def _criteria(document: Explanation) -> Found:
    return _each_line(document, Lack.MOST, lambda line: None if line.of is None else "of")


def _because(document: Explanation) -> Found:
    return _each_line(document, Lack.BECAUSE, lambda line: "why" if says(line.why) else None)


# ---- principal reasons --------------------------------------------------------------------------------------------


def _down(document: Explanation) -> list[tuple[str, Reason]]:
    """Return the reasons that held the score back, with their places."""
    return [
        (f"/principal_reasons/{place}", each)
        for place, each in enumerate(document.principal_reasons)
        if each.direction == "down"
    ]


def _gap(line: Line, document: Explanation) -> Decimal | None:
    """Return by how much a line held the score back, as reasons are counted; None: not at all, or nobody can tell."""
    compared = line.of if line.baseline is None else line.baseline
    dropped = line.points is None and document.scale.out_of is not None  # under a mean
    if compared is None or dropped:
        return None
    gap = subtract(Decimal(compared), Decimal(line.points or 0))
    return gap if gap > 0 else None


def _specific(document: Explanation) -> Found:
    if _unlined(document):
        return _settled(document)
    down = _down(document)
    if not down and any(_gap(line, document) is not None for line in document.lines):
        return Found(lacking=(Lacking(Lack.REASONS),))
    titles = [document.scale.title, *(line.title for line in document.lines)]
    same = [Lacking(Lack.OWN_TITLE, each.rule) for _, each in down if titles.count(each.title) > 1]
    return Found(tuple(pointer for pointer, _ in down) or ("/principal_reasons",), tuple(same))


def _few(document: Explanation) -> Found:
    down = _down(document)
    if len(down) > MOST_REASONS:
        return Found(lacking=(Lacking(Lack.REASONS_AT_MOST),))
    return Found(tuple(pointer for pointer, _ in down) or ("/principal_reasons",))


def _scored_lines(document: Explanation) -> Found:
    lines = {line.rule: line for line in document.lines}
    return _of_reasons(
        document,
        Lack.OTHERWISE,
        lambda each: each.rule in lines and lines[each.rule].points is not None,
    )


def _method(document: Explanation) -> Found:
    return _of_reasons(document, Lack.BASELINE, lambda each: each.method == "the baseline, less the points given")


def _of_reasons(document: Explanation, lack: Lack, holds: Callable[[Reason], bool]) -> Found:
    """Look at each reason that held the score back."""
    if _unlined(document):
        return _settled(document)
    down = _down(document)
    return Found(
        tuple(pointer for pointer, _ in down) or ("/principal_reasons",),
        tuple(Lacking(lack, each.rule) for _, each in down if not holds(each)),
    )


def _complete(document: Explanation) -> Found:
    """Look for a line that held the score back at least as much as one that is told, and is not told itself.

    Of lines that are level, one may be left out where four are told. A line that can be compared with nothing may have
    held back most of all.
    """
    if _unlined(document):
        return _settled(document)
    down = _down(document)
    told = {each.rule for _, each in down}
    gaps = {line.rule: gap for line in document.lines if (gap := _gap(line, document)) is not None}
    least = min((gap for rule, gap in gaps.items() if rule in told), default=None)
    full = len(down) >= MOST_REASONS
    untold = [
        rule
        for rule, gap in gaps.items()
        if rule not in told and (least is None or gap > least or (gap == least and not full))
    ]
    unknown = [line.rule for line in document.lines if line.of is None and line.baseline is None]
    return Found(
        tuple(pointer for pointer, _ in down) or ("/principal_reasons",),
        (*(Lacking(Lack.LEFT_OUT, rule) for rule in untold), *(Lacking(Lack.MOST, rule) for rule in unknown)),
    )


def _denied(document: Explanation) -> Found:
    return _settled(document) if _unlined(document) else Found(("/outcome",))


# ---- phrases that are no reason -----------------------------------------------------------------------------------

_AUTHORS = frozenset(
    (
        *("title", "band_title", "text", "singular", "plural", "purpose", "measures", "not_for"),
        *("why", "says", "otherwise", "words", "because"),
    )
)
"""The members whose text an author wrote; what people state, records and corrections are somebody else's words."""
_OTHERS = frozenset(["records", "statements", "corrections", "withheld", "receipt", "since"])


def _phrases(document: Explanation) -> Found:
    tree = document.model_dump(mode="json", by_alias=True)
    texts = list(_authors(tree, ""))
    said = tuple(Said(pointer, phrase) for pointer, text in texts for phrase in forbidden(text))
    return Found(("",), said=said)


def _authors(tree: object, pointer: str) -> Iterable[tuple[str, str]]:
    """Give every text of the rulebook's author, with its place."""
    match tree:
        case dict():
            for name, value in tree.items():
                if pointer == "" and name in _OTHERS:
                    continue
                here = f"{pointer}/{_escaped(str(name))}"
                if isinstance(value, str) and (name in _AUTHORS or pointer == "/data/titles"):
                    yield here, value
                else:
                    yield from _authors(value, here)
        case list():
            for place, value in enumerate(tree):
                yield from _authors(value, f"{pointer}/{place}")


def _escaped(name: str) -> str:
    """Return a name as a part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


EXPLANATION_CHECKS: dict[str, Check] = {
    "gdpr-15/G1": _purpose,
    "gdpr-15/G2-data": _data,
    "gdpr-15/G2-use": _use,
    "gdpr-15/G4": _words,
    "gdpr-15/G5": _variation,
    "gdpr-15/G6": _meaning,
    "gdpr-15/G7": _source,
    "gdpr-15/G8-verify": _receipt,
    "gdpr-15/G8-challenge": _contact,
    "gdpr-15/G10": _withheld,
    "gdpr-15/G13": _copy,
    "dsa-27/D1": _parameters,
    "dsa-27/D2": _why_suggested,
    "dsa-27/D3-criteria": _criteria,
    "dsa-27/D3-reasons": _because,
    "reg-b/R1": _specific,
    "reg-b/R2": _phrases,
    "reg-b/R3": _few,
    "reg-b/R4-scored": _scored_lines,
    "reg-b/R4-complete": _complete,
    "reg-b/R5": _method,
    "reg-b/R7": _denied,
    "reg-b/R8-who": _who,
}
"""How a program looks whether an explanation has what a clause asks. Clauses that are not here are for a person."""

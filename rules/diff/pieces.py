"""Takes the tree of a checked rulebook; gives its declarations one by one, to be exchanged for those of another and put
together again.

Promises, examples and comments are left out: they take part in no score.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from tallystick.rules import syntax
from tallystick.rules.rulebook import Kind

Key = tuple[Kind, str]
"""A declaration: its sort and its name. A name of nothing: the order of all of that sort."""
_SORTS: dict[type, Kind] = {
    syntax.Parameter: "parameter",
    syntax.Require: "require",
    syntax.Exclude: "exclude",
    syntax.Discount: "discount",
    syntax.Measure: "measure",
}
_BLOCKS: dict[Kind, Kind] = {"records": "field", "subjects": "attribute"}


class Piece(Struct, frozen=True):
    """A declaration, and the facet that it stands in."""

    node: (
        syntax.Field
        | syntax.Parameter
        | syntax.Require
        | syntax.Exclude
        | syntax.Discount
        | syntax.Measure
        | syntax.Facet
        | syntax.Rule
        | syntax.Score
        | syntax.BandFrom
        | syntax.BandNeeds
    )
    facet: str | None = None


class Pieces(Struct, frozen=True):
    """A rulebook taken apart: of each sort, the declarations by name in their order."""

    head: syntax.Head
    of: Mapping[Kind, Mapping[str, Piece]]
    blocks: frozenset[Kind]
    """Which of ``records`` and ``subjects`` are declared."""

    def named(self, kind: Kind) -> Mapping[str, Piece]:
        """Return the declarations of a sort."""
        return self.of.get(kind, {})


def take_apart(file: syntax.SyntaxFile) -> Pieces:
    """Return the declarations of a file."""
    found: dict[Kind, dict[str, Piece]] = {}
    blocks: set[Kind] = set()
    for each in file.declarations:
        match each:
            case syntax.Records():
                blocks.add("records")
            case syntax.Subjects():
                blocks.add("subjects")
            case _:
                pass
        for kind, name, piece in _pieces(each):
            found.setdefault(kind, {})[name] = piece
    return Pieces(file.head, found, frozenset(blocks))


def _pieces(declaration: syntax.Declaration) -> Iterator[tuple[Kind, str, Piece]]:
    match declaration:
        case syntax.Records(fields=fields):
            yield from (("field", field.name.text, Piece(field)) for field in fields)
        case syntax.Subjects(fields=fields):
            yield from (("attribute", field.name.text, Piece(field)) for field in fields)
        case syntax.Facet(name=name, members=members):
            own = tuple(member for member in members if not isinstance(member, syntax.Rule))
            yield ("facet", name.text, Piece(replace(declaration, members=own)))
            rules = (member for member in members if isinstance(member, syntax.Rule))
            yield from (("rule", rule.name.text, Piece(rule, name.text)) for rule in rules)
        case syntax.Rule(name=name):
            yield ("rule", name.text, Piece(declaration))
        case syntax.Score():
            yield ("score", "score", Piece(declaration))
        case syntax.Bands(bands=bands):
            yield from (("band", band.name.text, Piece(band)) for band in bands)
        case syntax.Parameter() | syntax.Require() | syntax.Exclude() | syntax.Discount() | syntax.Measure():
            yield (_SORTS[type(declaration)], declaration.name.text, Piece(declaration))
        case _:
            pass


def exchanged(now: Pieces, new: Pieces, keys: Iterable[Key]) -> Pieces:
    """Return what there is now with some declarations as the new rulebook has them: put in, taken out or exchanged."""
    for kind, name in keys:
        if kind == "rulebook":
            now = replace(now, head=new.head)
        elif kind in _BLOCKS:
            fields = _BLOCKS[kind]
            blocks = (now.blocks - {kind}) | (new.blocks & {kind})
            now = replace(now, of={**now.of, fields: new.named(fields)}, blocks=blocks)
        else:
            here, there = now.named(kind), new.named(kind)
            made = _in_order(here, there) if name == "" else _with(here, there, name)
            now = replace(now, of={**now.of, kind: made})
    return now


def _with(here: Mapping[str, Piece], there: Mapping[str, Piece], name: str) -> Mapping[str, Piece]:
    if name not in there:
        return {each: piece for each, piece in here.items() if each != name}
    if name in here:
        return {**here, name: there[name]}
    before = [each for each in list(there)[: list(there).index(name)] if each in here]
    place = list(here).index(before[-1]) + 1 if before else 0
    names = [*list(here)[:place], name, *list(here)[place:]]
    return {each: there[each] if each == name else here[each] for each in names}


def _in_order(here: Mapping[str, Piece], there: Mapping[str, Piece]) -> Mapping[str, Piece]:
    """Put those that both have into the order of the new ones; the others keep their places."""
    ordered = iter([name for name in there if name in here])
    return {each: here[each] for each in (next(ordered) if name in there else name for name in here)}


def put_together(pieces: Pieces, like: syntax.SyntaxFile) -> syntax.SyntaxFile | None:
    """Return a file of these declarations; None where a rule's facet is not there. A facet without rules is left
    out."""
    declarations: list[syntax.Declaration] = []
    fields = tuple(piece.node for piece in pieces.named("field").values() if isinstance(piece.node, syntax.Field))
    known = tuple(piece.node for piece in pieces.named("attribute").values() if isinstance(piece.node, syntax.Field))
    if "records" in pieces.blocks:
        declarations.append(syntax.Records(fields))
    if "subjects" in pieces.blocks:
        declarations.append(syntax.Subjects(known))
    for kind in _SORTS.values():
        declarations += _plain(pieces, kind)
    facets = pieces.named("facet")
    placed: set[str] = set()
    for piece in pieces.named("rule").values():
        if piece.facet is None:
            declarations += [piece.node] if isinstance(piece.node, syntax.Rule) else []
        elif piece.facet not in facets:
            return None
        elif piece.facet not in placed:
            placed.add(piece.facet)
            declarations.append(_whole(pieces, piece.facet))
    declarations += _plain(pieces, "score")
    bands = _bands(pieces)
    if bands:
        declarations.append(syntax.Bands(bands))
    return replace(like, head=pieces.head, declarations=tuple(declarations), comments=())


def _bands(pieces: Pieces) -> tuple[syntax.BandFrom | syntax.BandNeeds, ...]:
    """Return the bands: by their thresholds, or in their order where they have needs."""
    nodes = [piece.node for piece in pieces.named("band").values()]
    bands = [node for node in nodes if isinstance(node, syntax.BandFrom | syntax.BandNeeds)]
    thresholds = [band for band in bands if isinstance(band, syntax.BandFrom)]
    if len(thresholds) < len(bands):
        return tuple(bands)
    thresholds.sort(key=_start)
    return tuple(thresholds)


def _plain(pieces: Pieces, kind: Kind) -> list[syntax.Declaration]:
    nodes = (piece.node for piece in pieces.named(kind).values())
    return [node for node in nodes if not isinstance(node, syntax.Field | syntax.BandFrom | syntax.BandNeeds)]


def _whole(pieces: Pieces, facet: str) -> syntax.Facet:
    node = pieces.named("facet")[facet].node
    rules = tuple(
        piece.node
        for piece in pieces.named("rule").values()
        if piece.facet == facet and isinstance(piece.node, syntax.Rule)
    )
    assert isinstance(node, syntax.Facet)  # noqa: S101  only facets are kept under this sort
    return replace(node, members=(*node.members, *rules))


def _start(band: syntax.BandFrom) -> Decimal:
    match band.start:
        case syntax.Negate(operand=syntax.NumberLiteral(value=value)):
            return -value
        case syntax.NumberLiteral(value=value):
            return value
        case _:
            return Decimal(0)

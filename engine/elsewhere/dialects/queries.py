"""Takes the tree of a query of ours; gives it in the words of another database, with every column by its name.

What only DuckDB has is put into what every database has: stars with exceptions, unions by name, ``GROUP BY ALL``,
``QUALIFY``, and the joins ``SEMI``, ``ANTI`` and ``ASOF``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import count

from sqlglot import exp

from tallystick.engine.elsewhere.dialects.expressions import ExpressionWriter
from tallystick.engine.elsewhere.dialects.script import Dialect, NotInDialect, Written
from tallystick.engine.query.sql import indented, listed

_KNOWN = frozenset({"expressions", "from_", "joins", "where", "group", "qualify", "distinct"})
_COMPARED = {exp.GTE: ("<=", "<"), exp.GT: ("<", "<="), exp.LTE: (">=", ">"), exp.LT: (">", ">=")}
"""How the left of a comparison is written as its right, and what the row after the last that compares so does."""
_NEXT, _QUALIFIES = "next of them", "is taken"


class QueryWriter:
    """Writes queries. ``relations``: what can be read by name, with its columns in order."""

    def __init__(self, dialect: Dialect, relations: Mapping[str, tuple[str, ...]]) -> None:
        """Know no name but those."""
        self.dialect = dialect
        self.relations = relations
        self._numbers = count(1)

    @cached_property
    def _expression(self) -> ExpressionWriter:
        return ExpressionWriter(self.dialect, self.written)

    def written(self, node: exp.Expr) -> Written:
        """Return a query; raises ``NotInDialect``."""
        match node:
            case exp.Select():
                return _Select(self, node).written()
            case exp.Union():
                return self._union(node)
            case exp.Subquery() if not node.alias:
                return self.written(node.this)
            case _:
                raise NotInDialect(self.dialect, f"the query `{type(node).__name__}`")

    def _union(self, node: exp.Union) -> Written:
        if {name for name, value in node.args.items() if value} - {"this", "expression", "distinct", "by_name"}:
            raise NotInDialect(self.dialect, "a union with more to it")
        first, second = self.written(node.left), self.written(node.right)
        if node.args.get("by_name"):
            if set(first.columns) != set(second.columns):
                raise NotInDialect(self.dialect, "a union of other columns")
            if first.columns != second.columns:
                names = ", ".join(map(self.dialect.name, first.columns))
                second = Written(f"SELECT {names}\nFROM (\n{indented(second.text)}\n) AS {self.alias()}", first.columns)
        word = "UNION" if node.args.get("distinct") else "UNION ALL"
        return Written(f"{first.text}\n{word}\n{second.text}", first.columns)

    def alias(self) -> str:
        """Return a name for a query that has none."""
        return self.dialect.name(f"query {next(self._numbers)}")

    def expression(self, node: exp.Expr) -> str:
        """Return an expression."""
        return self._expression(node)

    def ordered(self, node: exp.Expr) -> str:
        """Return what to order by."""
        return self._expression.ordered(node)


class _Source:
    """Something that a query selects from: how it is written, what it is called there, and its columns."""

    def __init__(self, writer: QueryWriter, node: exp.Expr) -> None:
        alias = node.args.get("alias")
        self.name = "" if alias is None else alias.name
        listed_names = () if alias is None else tuple(each.name for each in alias.args.get("columns") or ())
        match node:
            case exp.Table(this=exp.Identifier()) if not node.args.get("db") and node.name in writer.relations:
                self.columns = writer.relations[node.name]
                self.query = writer.dialect.name(node.name)
                self.name = self.name or node.name
            case exp.Subquery():
                found = writer.written(node.this)
                self.columns = found.columns
                self.query = f"(\n{indented(found.text)}\n)"
            case exp.Values():
                rows = (f"({', '.join(map(writer.expression, row.expressions))})" for row in node.expressions)
                self.columns = listed_names
                self.query = f"(VALUES\n{listed(list(rows))}\n)"
            case _:
                raise NotInDialect(writer.dialect, f"to read from `{node.sql()[:80]}`")
        self.alias = writer.dialect.name(self.name) if self.name else writer.alias()
        renamed = f" ({', '.join(map(writer.dialect.name, listed_names))})" if listed_names else ""
        same = self.query == self.alias
        self.text = self.query if same else f"{self.query} AS {self.alias}{renamed}"
        self.columns = listed_names or self.columns
        self.merged: frozenset[str] = frozenset()
        """Those that a join by name shows once, as another source's."""


class _Select:
    """One ``SELECT``: its sources first, for they say what a star stands for."""

    def __init__(self, writer: QueryWriter, node: exp.Select) -> None:
        self.writer, self.node = writer, node
        more = {name for name, value in node.args.items() if value} - _KNOWN
        if more:
            raise NotInDialect(writer.dialect, f"`{', '.join(sorted(more))}` in a query")
        self.sources: list[_Source] = []
        self.joins: list[str] = []
        self.tests: list[str] = []
        source = node.args.get("from_")
        if source is not None:
            first = _Source(writer, source.this)
            self.sources.append(first)
            self.joins.append(first.text)
        for join in node.args.get("joins") or ():
            self._join(join)
        where = node.args.get("where")
        if where is not None:
            self.tests.insert(0, writer.expression(where.this))

    def written(self) -> Written:
        """Return the query."""
        write, projections = self.writer.expression, self._projections()
        names = tuple(name for name, _, _ in projections)
        columns = [self._shown(name, text) for name, text, _ in projections]
        qualify = self.node.args.get("qualify")
        if qualify is not None:
            columns.append(f"{write(qualify.this)} AS {self.writer.dialect.name(_QUALIFIES)}")
        head = "SELECT DISTINCT" if self.node.args.get("distinct") else "SELECT"
        text = f"{head}\n{listed(columns)}"
        if self.joins:
            text += "\nFROM " + "\n".join(self.joins)
        if self.tests:
            text += f"\nWHERE {' AND '.join(self._grouped(each) for each in self.tests)}"
        text += self._group(projections)
        if qualify is not None:
            shown = listed([self.writer.dialect.name(name) for name in names])
            taken = self.writer.dialect.name(_QUALIFIES)
            text = f"SELECT\n{shown}\nFROM (\n{indented(text)}\n) AS {self.writer.alias()}\nWHERE {taken}"
        return Written(text, names)

    def _grouped(self, test: str) -> str:
        return test if len(self.tests) == 1 else f"({test})"

    def _shown(self, name: str, text: str) -> str:
        quoted = self.writer.dialect.name(name)
        return text if text == quoted or text.endswith(f".{quoted}") else f"{text} AS {quoted}"

    def _group(self, projections: list[tuple[str, str, bool]]) -> str:
        group = self.node.args.get("group")
        if group is None:
            return ""
        if group.args.get("all"):
            keys = [str(place) for place, (_, _, adds_up) in enumerate(projections, start=1) if not adds_up]
        else:
            keys = [self.writer.expression(each) for each in group.expressions]
        return f"\nGROUP BY {', '.join(keys)}" if keys else ""

    # ---- columns -------------------------------------------------------------------------------------------------

    def _projections(self) -> list[tuple[str, str, bool]]:
        """Return each column's name and text, and whether an aggregate stands in it."""
        found: list[tuple[str, str, bool]] = []
        for place, each in enumerate(self.node.expressions, start=1):
            match each:
                case exp.Star():
                    for source in self.sources:
                        found += self._all_of(source, each, qualified=len(self.sources) > 1)
                case exp.Column(this=exp.Star() as star):
                    source = next(s for s in self.sources if s.name == each.table)
                    found += self._all_of(source, star, qualified=True)
                case exp.Alias():
                    found.append((each.alias, self.writer.expression(each.this), _adds_up(each.this)))
                case exp.Column():
                    found.append((each.name, self.writer.expression(each), False))
                case _:
                    found.append((f"column {place}", self.writer.expression(each), _adds_up(each)))
        return found

    def _all_of(self, source: _Source, star: exp.Star, *, qualified: bool) -> list[tuple[str, str, bool]]:
        left_out = {each.name for each in star.args.get("except_") or ()}
        replaced = {each.alias: each.this for each in star.args.get("replace") or ()}
        found: list[tuple[str, str, bool]] = []
        for name in source.columns:
            if name in source.merged:
                continue
            quoted = self.writer.dialect.name(name)
            text = f"{source.alias}.{quoted}" if qualified else quoted
            if name in replaced:
                found.append((name, self.writer.expression(replaced[name]), _adds_up(replaced[name])))
            elif name not in left_out:
                found.append((name, text, False))
        return found

    # ---- joins ---------------------------------------------------------------------------------------------------

    def _join(self, join: exp.Join) -> None:
        source = _Source(self.writer, join.this)
        kind, side, method = (str(join.args.get(each) or "") for each in ("kind", "side", "method"))
        on, using = join.args.get("on"), join.args.get("using")
        match method, kind, side:
            case "", "SEMI" | "ANTI", "" if on is not None:
                none = "NOT " if kind == "ANTI" else ""
                exists = f"SELECT 1 FROM {source.text} WHERE {self.writer.expression(on)}"
                self.tests.append(f"{none}EXISTS ({exists})")
                return
            case "ASOF", "", "LEFT" | "" if on is not None:
                self.joins.append(f"{'LEFT ' if side else ''}JOIN {self._last_before(source, on)}")
            case "", "" | "INNER", "LEFT" | "" if using:
                names = ", ".join(self.writer.dialect.name(each.name) for each in using)
                agree = {each.name for each in using}
                source.columns = tuple(name for name in source.columns if name not in agree)
                source.merged = frozenset(each.name for each in using)
                self.joins.append(f"{'LEFT ' if side else ''}JOIN {source.text} USING ({names})")
            case "", "" | "INNER", "LEFT" | "" if on is not None:
                self.joins.append(f"{'LEFT ' if side else ''}JOIN {source.text} ON {self.writer.expression(on)}")
            case _:
                raise NotInDialect(self.writer.dialect, f"the join `{method} {side} {kind}`")
        self.sources.append(source)

    def _last_before(self, source: _Source, on: exp.Expr) -> str:
        """Join the last row whose key is not after a value, of those that agree in all else: each row knows the key of
        the next, so that one alone lies around the value."""
        write, quote = self.writer.expression, self.writer.dialect.name
        tests = [each for each in (on.flatten() if isinstance(on, exp.And) else [on]) if isinstance(each, exp.Binary)]
        (compared,) = (each for each in tests if type(each) in _COMPARED)
        same = [each for each in tests if each is not compared]
        in_source = [_of(source, side) for side in (compared.left, compared.right)]
        if in_source == [False, True]:
            key, value, (here, after) = compared.right, write(compared.left), _COMPARED[type(compared)]
        elif in_source == [True, False]:
            turned = {exp.LTE: exp.GTE, exp.LT: exp.GT}.get(type(compared))
            if turned is None:
                raise NotInDialect(self.writer.dialect, "an `ASOF` join to what comes after")
            key, value, (here, after) = compared.left, write(compared.right), _COMPARED[turned]
        else:
            raise NotInDialect(self.writer.dialect, "an `ASOF` join of this form")
        if here not in {"<=", "<"}:
            raise NotInDialect(self.writer.dialect, "an `ASOF` join to what comes after")
        column = quote(key.name)
        last_before = self.writer.dialect.last_before
        if last_before is not None and not same and here == "<=":
            return f"{source.text} ON {last_before(source.query, source.alias, column, value)}"
        groups = [quote(side.name) for each in same for side in (each.left, each.right) if _of(source, side)]
        if len(groups) != len(same):
            raise NotInDialect(self.writer.dialect, "an `ASOF` join of this form")
        each_of = f"PARTITION BY {', '.join(groups)} " if groups else ""
        following = f"lead({column}) OVER ({each_of}ORDER BY {column}) AS {quote(_NEXT)}"
        inner = f"SELECT\n{listed([*map(quote, source.columns), following])}\nFROM {source.query}"
        inner += f" AS {self.writer.alias()}" if source.query.startswith("(") else ""
        agree = [write(each) for each in same]
        around = f"{source.alias}.{column} {here} {value}"
        last = f"({source.alias}.{quote(_NEXT)} IS NULL OR {value} {after} {source.alias}.{quote(_NEXT)})"
        return f"(\n{indented(inner)}\n) AS {source.alias}\n    ON {' AND '.join([*agree, around, last])}"


def _of(source: _Source, node: exp.Expr) -> bool:
    """Whether an expression is a column of a source."""
    return isinstance(node, exp.Column) and node.table == source.name


def _adds_up(node: exp.Expr) -> bool:
    """Whether an aggregate stands in an expression, which is then no key of ``GROUP BY ALL``."""
    return any(not isinstance(each.parent, exp.Window) for each in node.find_all(exp.AggFunc))

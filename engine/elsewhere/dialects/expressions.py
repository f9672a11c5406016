"""Takes the tree of an expression of ours; gives it in the words of another database, node by node."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace
from sqlglot import exp

from tallystick.engine.elsewhere.dialects.script import Dialect, NotInDialect, Written, parsed
from tallystick.engine.query.macros import MACROS

_INFIX: dict[type[exp.Expr], str] = {
    exp.And: "AND",
    exp.Or: "OR",
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Is: "IS",
    exp.NullSafeEQ: "IS NOT DISTINCT FROM",
}
_CALLED: dict[type[exp.Expr], str] = {
    exp.Abs: "abs",
    exp.Ceil: "ceil",
    exp.Contains: "contains",
    exp.Day: "day",
    exp.EndsWith: "ends_with",
    exp.Floor: "floor",
    exp.IntDiv: "//",
    exp.Month: "month",
    exp.Round: "round",
    exp.StartsWith: "starts_with",
    exp.TimestampTrunc: "date_trunc",
    exp.Translate: "translate",
    exp.Year: "year",
}
"""Functions of one row: each is the dialect's to write."""
_ADDED_UP: dict[type[exp.Expr], str] = {exp.Sum: "sum", exp.Min: "min", exp.Max: "max"}
"""Aggregates that all databases of SQL have under one name."""
_EXPANDED = {each.name: each for each in MACROS if each.name == "years_between"}
"""Macros whose body is plain arithmetic of whole numbers; what others do, a dialect says itself."""
_TYPES = {
    "BIGINT": "BIGINT",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "DECIMAL": "DECIMAL",
    "INT": "INTEGER",
    "SMALLINT": "SMALLINT",
    "TEXT": "VARCHAR",
    "TIMESTAMP": "TIMESTAMP",
    "TIMESTAMPNTZ": "TIMESTAMP",
    "TINYINT": "TINYINT",
    "VARCHAR": "VARCHAR",
}
"""The types that there are, as sqlglot calls them and as DuckDB does."""


class ExpressionWriter(Struct, frozen=True):
    """Writes expressions. ``query`` writes a query within one. ``trying``: what overflows is missing."""

    dialect: Dialect
    query: Callable[[exp.Expr], Written]
    trying: bool = False

    def __call__(self, node: exp.Expr) -> str:  # noqa: C901, PLR0912  one case for each kind of node
        """Return an expression; raises ``NotInDialect``."""
        infix = _INFIX.get(type(node))
        if infix is not None:
            return self._infix(infix, node)
        if type(node) in _CALLED:
            return self.dialect.call(_CALLED[type(node)], self._operands(node))
        if type(node) in _ADDED_UP and not node.expressions:
            return f"{_ADDED_UP[type(node)]}({self(node.this)})"
        match node:
            case exp.Dot(this=exp.Identifier() as whole, expression=exp.Identifier() as part):
                return f"{self.dialect.name(whole.name)}.{self.dialect.name(part.name)}"
            case exp.Column() | exp.Dot():
                return ".".join(self.dialect.name(part.name) for part in node.parts)
            case exp.Literal(is_string=True) | exp.ByteString():  # `E'…'`, which is a text in DuckDB
                return self.dialect.text(str(node.this))
            case exp.Literal():
                return str(node.this)
            case exp.Boolean():
                return "true" if node.this else "false"
            case exp.Null():
                return "NULL"
            case exp.Paren():
                return f"({self(node.this)})"
            case exp.Neg():
                return f"-{self(node.this)}"
            case exp.Not():
                return f"NOT {self(node.this)}"
            case exp.In() if node.args.get("query"):
                return f"{self(node.this)} IN {self(node.args['query'])}"
            case exp.In() if node.expressions:
                return f"{self(node.this)} IN ({', '.join(map(self, node.expressions))})"
            case exp.Case():
                return self._case(node)
            case exp.TryCast():
                return self._kind(node)
            case exp.Cast():
                return self._cast(node)
            case exp.Try():
                # What can overflow is missing then, where a dialect has words for that; in others nothing can.
                return replace(self, trying=True)(node.this)
            case exp.Coalesce() | exp.Least() | exp.Greatest():
                called = type(node).__name__.lower()
                return f"{called}({', '.join(map(self, (node.this, *node.expressions)))})"
            case exp.Count() if isinstance(node.this, exp.Star):
                return "count(*)"
            case exp.ArgMax(expression=exp.Struct(expressions=order)):
                return self.dialect.pick_by(self(node.this), [self(each.expression) for each in order])
            case exp.Filter():
                return f"{self(node.this)} FILTER (WHERE {self(node.expression.this)})"
            case exp.RowNumber():
                return "row_number()"
            case exp.Window():
                return self._window(node)
            case exp.Bracket():
                return self._let(node)
            case exp.Anonymous():
                return self._named(node)
            case exp.Subquery():
                return f"({self.query(node.this).text})"
            case _:
                raise NotInDialect(self.dialect, f"`{type(node).__name__}`")

    def _infix(self, operator: str, node: exp.Expr) -> str:
        if operator == "-" and (days := _days_between(node.this, node.expression)) is not None:
            return str(days)
        left, right = self(node.this), self(node.expression)
        tried = self.dialect.function(f"try {operator}", [left, right]) if self.trying else None
        return f"{left} {operator} {right}" if tried is None else tried

    def _operands(self, node: exp.Expr) -> list[str]:
        operands: list[str] = []
        for value in node.args.values():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, exp.Var):
                    operands.append(str(each.this).lower())
                elif isinstance(each, exp.Expr):
                    operands.append(self(each))
        return operands

    def _named(self, node: exp.Anonymous) -> str:
        macro = _EXPANDED.get(node.name)
        if macro is None:
            return self.dialect.call(node.name, [self(each) for each in node.expressions])
        names = macro.head.partition("(")[2].removesuffix(")").split(", ")
        bound = dict(zip(names, node.expressions, strict=True))

        def filled(each: exp.Expr) -> exp.Expr:
            is_parameter = isinstance(each, exp.Column) and each.name in bound and not each.table
            return exp.Paren(this=bound[each.name].copy()) if is_parameter else each

        return f"({self(parsed(f'SELECT {macro.body}').expressions[0].transform(filled))})"

    def _case(self, node: exp.Case) -> str:
        head = "" if node.this is None else f" {self(node.this)}"
        whens = "".join(f" WHEN {self(each.this)} THEN {self(each.args['true'])}" for each in node.args["ifs"])
        default = node.args.get("default")
        return f"CASE{head}{whens}{'' if default is None else f' ELSE {self(default)}'} END"

    def _cast(self, node: exp.Cast) -> str:
        to = node.to
        name = _TYPES.get(str(getattr(to.this, "value", "")))
        if to.args.get("nested") or name is None:
            raise NotInDialect(self.dialect, f"the type `{to.sql()}`")
        write = self.dialect.tried if self.trying else self.dialect.cast
        return write(self(node.this), name, tuple(int(each.name) for each in to.expressions))

    def _kind(self, node: exp.TryCast) -> str:
        """Write the kind of a record, missing where it is not listed: a text, for what matters is which it is."""
        if node.to.this is not exp.DataType.Type.ENUM:
            raise NotInDialect(self.dialect, f"`TRY_CAST` to `{node.to.sql()}`")
        value, kinds = self(node.this), ", ".join(map(self, node.to.expressions))
        return f"CASE WHEN {value} IN ({kinds}) THEN {value} END"

    def _window(self, node: exp.Window) -> str:
        parts: list[str] = []
        if node.args.get("partition_by"):
            parts.append(f"PARTITION BY {', '.join(map(self, node.args['partition_by']))}")
        order = node.args.get("order")
        if order is not None:
            parts.append(f"ORDER BY {', '.join(map(self.ordered, order.expressions))}")
        spec = node.args.get("spec")
        if spec is not None:
            parts.append(self._frame(spec))
        return f"{self(node.this)} OVER ({' '.join(parts)})"

    def ordered(self, node: exp.Expr) -> str:
        """Return what to order by; what is missing comes last, as in DuckDB."""
        if not isinstance(node, exp.Ordered):
            raise NotInDialect(self.dialect, f"the order `{type(node).__name__}`")
        descends = bool(node.args.get("desc"))
        if node.args.get("nulls_first"):
            raise NotInDialect(self.dialect, "`NULLS FIRST`")
        last = "" if self.dialect.nulls_last and not descends else " NULLS LAST"
        return f"{self(node.this)}{' DESC' if descends else ''}{last}"

    def _frame(self, spec: exp.WindowSpec) -> str:
        ends = []
        for end in ("start", "end"):
            value = spec.args.get(end)
            if value is not None:
                told = value if isinstance(value, str) else self(value)
                ends.append(f"{told} {spec.args.get(f'{end}_side') or ''}".strip())
        between = f"BETWEEN {' AND '.join(ends)}" if len(ends) > 1 else ends[0]
        return f"{spec.args['kind']} {between}"

    def _let(self, node: exp.Bracket) -> str:
        """Write what ``macros.let`` writes: a list of one struct, transformed, of which the first is taken."""
        match node.this:
            case exp.Transform(
                this=exp.Array(expressions=[exp.Struct(expressions=bound)]),
                expression=exp.Lambda(this=body, expressions=[name]),
            ):
                bindings = {each.this.name: self(each.expression) for each in bound}
                return self.dialect.let(bindings, name.name, self(body))
            case _:
                raise NotInDialect(self.dialect, "a list")


def _days_between(last: exp.Expr, first: exp.Expr) -> int | None:
    """Return how many days lie between two dates that are written out; None for anything else."""
    match last, first:
        case (
            exp.Cast(this=exp.Literal(is_string=True) as one, to=exp.DataType(this=exp.DataType.Type.DATE)),
            exp.Cast(this=exp.Literal(is_string=True) as other, to=exp.DataType(this=exp.DataType.Type.DATE)),
        ):
            return (date.fromisoformat(one.name) - date.fromisoformat(other.name)).days
        case _:
            return None

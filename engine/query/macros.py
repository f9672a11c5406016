"""Takes nothing; gives the SQL macros that the compiled query calls: exact arithmetic that DuckDB does not have.

A number is a ``DECIMAL`` of at most 9 places, never a float that is summed or shown. Missing, and what has no value,
is ``NULL``.
"""

from __future__ import annotations

from msgspec import Struct


class Macro(Struct, frozen=True):
    """A macro: its name with parameters, its body, and in words what it gives."""

    head: str
    body: str
    words: str

    @property
    def name(self) -> str:
        """The name alone."""
        return self.head.partition("(")[0]


def let(body: str, name: str = "v", /, **bindings: str) -> str:
    """Write SQL that binds values (``v.x``), so that an operand used twice is written, and worked out, once.

    INVARIANT: no macro repeats an operand; else nested calls would double the query with each level.
    """
    struct = "{" + ", ".join(f"'{bound}': {value}" for bound, value in bindings.items()) + "}"
    return f"list_transform([{struct}], lambda {name}: {body})[1]"


def _wide(name: str) -> str:
    return f"CAST({name} AS DECIMAL(38, 9))"


def _short(whole: str) -> str:
    """Write a whole number in 64 bits; missing where twice as many billionths would not fit them."""
    return f"CASE WHEN abs({whole}) < 4000000000 THEN CAST({whole} AS BIGINT) END"


def _rounded(binary: str, slack: str, exactly: str, defined: str) -> str:
    """Round a binary value to 9 places; where its greatest error leaves a doubt which way, ask for it in decimals."""
    near = let(
        "CASE WHEN v.y IS NULL THEN NULL"
        f" WHEN abs(v.y) >= 4e6 OR abs(abs(v.y) * 1e9 - floor(abs(v.y) * 1e9) - 0.5) <= ({slack}) * 1e9 THEN {exactly}"
        " ELSE of_units(CAST(round(v.y * 1e9) AS BIGINT)) END",
        x="u.x",
        y=f"CASE WHEN {defined} THEN {binary} END",
    )
    return let(near, "u", x=_wide("x"))


def _of_two(body: str, /, **bindings: str) -> str:
    """Bind ``u.a`` and ``u.b``, and from them what the body uses."""
    return let(let(body, **bindings), "u", a=_wide("a"), b=_wide("b"))


_BINARY = "CAST(u.x AS DOUBLE)"
_HELD = "greatest(0, least(u.x, top))"
_HALF_OF_THE_PLACES = "1000000000000000000"

MACROS: tuple[Macro, ...] = (
    Macro(
        "units(x)",
        "CAST(floor(x) AS HUGEINT) * 1000000000 + CAST((x - floor(x)) * 1000000000 AS HUGEINT)",
        "a number of 0 or more as a whole number of billionths",
    ),
    Macro("of_units(n)", "CAST(n AS DECIMAL(38, 0)) * 0.000000001", "a whole number of billionths as a number"),
    Macro(
        "quotient(a, b)",
        let(
            "of_units((2 * abs(v.a) * 1000000000 + abs(v.b)) // nullif(2 * abs(v.b), 0) * sign(v.a) * sign(v.b))",
            a=f"CAST({_wide('a')} * 1000000000 AS HUGEINT)",
            b=f"CAST({_wide('b')} * 1000000000 AS HUGEINT)",
        ),
        "a / b to 9 places, half away from zero, where both are within 8e19",
    ),
    Macro(
        "whole_quotient(a, b)",
        let(
            let(
                "CASE WHEN v.a IS NOT NULL AND v.b IS NOT NULL THEN of_units("
                "(2 * abs(v.a) * 1000000000 + abs(v.b)) // nullif(2 * abs(v.b), 0) * sign(v.a) * sign(v.b))"
                " ELSE quotient(u.a, u.b) END",
                a=_short("u.a"),
                b=_short("u.b"),
            ),
            "u",
            a="a",
            b="b",
        ),
        "the same of whole numbers, in 64 bits where both fit them doubled and with 9 places",
    ),
    Macro(
        "long_quotient(a, b)",
        _of_two(
            "of_units(((v.a // v.b) * 1000000000 + (v.a % v.b * 10000 // v.b) * 100000"
            " + (v.a % v.b * 10000 % v.b * 10000 // v.b) * 10"
            " + (v.a % v.b * 10000 % v.b * 10000 % v.b * 20 + v.b) // (2 * v.b)) * v.sign)",
            a="units(abs(u.a))",
            b="nullif(units(abs(u.b)), 0)",
            sign="sign(u.a) * sign(u.b)",
        ),
        "the same for every a and b, by long division",
    ),
    Macro(
        "long_product(a, b)",
        _of_two(
            "of_units((v.a1 * v.b1 * 1000000000000000000000000000 + (v.a1 * v.b0 + v.a0 * v.b1) * 1000000000"
            " + (v.a0 * v.b0 + 500000000) // 1000000000) * v.sign)",
            a1=f"units(abs(u.a)) // {_HALF_OF_THE_PLACES}",
            a0=f"units(abs(u.a)) % {_HALF_OF_THE_PLACES}",
            b1=f"units(abs(u.b)) // {_HALF_OF_THE_PLACES}",
            b0=f"units(abs(u.b)) % {_HALF_OF_THE_PLACES}",
            sign="sign(u.a) * sign(u.b)",
        ),
        "a * b to 9 places, half away from zero, in parts that fit 128 bits",
    ),
    Macro(
        "square_root(x)",
        _rounded(f"sqrt({_BINARY})", "v.y * 2e-15", '"exactly sqrt"(v.x)', "u.x >= 0"),
        "the square root to 9 places; missing below 0",
    ),
    Macro(
        "natural_log(x)",
        _rounded(f"ln({_BINARY})", "(1 + abs(v.y)) * 2e-15", '"exactly ln"(v.x)', "u.x > 0"),
        "the natural logarithm to 9 places; missing at 0 and below",
    ),
    Macro(
        "common_log(x)",
        _rounded(f"log10({_BINARY})", "(1 + abs(v.y)) * 2e-15", '"exactly log10"(v.x)', "u.x > 0"),
        "the logarithm to base 10 to 9 places; missing at 0 and below",
    ),
    Macro(
        "exponential(x)",
        _rounded(f"exp({_BINARY})", "v.y * 2e-14", '"exactly exp"(v.x)', "u.x <= 20"),
        "e to the power of x to 9 places; missing above 20",
    ),
    Macro(
        "error_function(x)",
        "sign(x) * exp(-x * x) * list_sum(list_transform(range(0, 110), lambda n:"
        " pow(abs(x), 2 * n + 1) / gamma(n + 1.5)))",
        "the error function of a binary number within -5 to 5, by a series without subtraction",
    ),
    Macro(
        "complementary_error(x)",
        _rounded(
            f"1 - error_function(greatest(-5.5, least(5.5, {_BINARY})))",
            "1e-13",
            '"exactly erfc"(v.x)',
            "u.x IS NOT NULL",
        ),
        "the complementary error function to 9 places",
    ),
    Macro(
        "log_normal_level(x, p10, median)",
        _rounded(
            "CASE WHEN u.x <= 0 THEN CASE WHEN p10 < median THEN 1e0 ELSE 0e0 END ELSE"
            " 0.5 + 0.5 * error_function(greatest(-5.5, least(5.5,"
            " 0.9061938024368232 * ln(CAST(u.x AS DOUBLE) / CAST(median AS DOUBLE))"
            " / ln(CAST(p10 AS DOUBLE) / CAST(median AS DOUBLE))))) END",
            "1e-13 + 5e-15 / abs(ln(CAST(p10 AS DOUBLE) / CAST(median AS DOUBLE)))",
            f'"exactly log normal level"(v.x, {_wide("p10")}, {_wide("median")})',
            "u.x IS NOT NULL",
        ),
        "the level of x on the log-normal curve that is 0.9 at p10 and 0.5 at the median",
    ),
    Macro(
        "linear_level(x, top)",
        let(f"CASE WHEN u.x IS NOT NULL THEN quotient({_HELD}, top) END", "u", x="x"),
        "x / top, x held within 0 to top, where top is under 8e19",
    ),
    Macro(
        "long_linear_level(x, top)",
        let(f"CASE WHEN u.x IS NOT NULL THEN long_quotient({_HELD}, top) END", "u", x="x"),
        "the same for every top",
    ),
    Macro(
        "root_level(x, top)",
        _rounded(
            f"sqrt(CAST({_HELD} AS DOUBLE) / CAST(top AS DOUBLE))",
            "v.y * 4e-15",
            f'"exactly root level"(v.x, {_wide("top")})',
            "u.x IS NOT NULL",
        ),
        "sqrt(x / top), x held within 0 to top",
    ),
    Macro(
        "logarithmic_level(x, top)",
        _rounded(
            f"ln(CAST({_HELD} + 1 AS DOUBLE)) / ln(CAST(top + 1 AS DOUBLE))",
            "v.y * 4e-15 + 4e-15 / ln(CAST(top + 1 AS DOUBLE))",
            f'"exactly logarithmic level"(v.x, {_wide("top")})',
            "u.x IS NOT NULL",
        ),
        "ln(1 + x) / ln(1 + top), x held within 0 to top",
    ),
    Macro(
        "years_between(birth, today)",
        let(
            "year(today) - year(v.x)"
            " - CASE WHEN month(today) * 100 + day(today) < month(v.x) * 100 + day(v.x) THEN 1 ELSE 0 END",
            x="birth",
        ),
        "birthdays passed; that of 29 February is 1 March in other years",
    ),
)

STAND_INS: tuple[tuple[str, str], ...] = (
    ('"exactly sqrt"(x)', "CAST(sqrt(x) AS DECIMAL(38, 9))"),
    ('"exactly ln"(x)', "CAST(ln(x) AS DECIMAL(38, 9))"),
    ('"exactly log10"(x)', "CAST(log10(x) AS DECIMAL(38, 9))"),
    ('"exactly exp"(x)', "CAST(exp(x) AS DECIMAL(38, 9))"),
    ('"exactly erfc"(x)', "CAST(1 - error_function(CAST(x AS DOUBLE)) AS DECIMAL(38, 9))"),
    (
        '"exactly log normal level"(x, p10, median)',
        "CAST(0.5 + 0.5 * error_function(0.9061938024368232 * ln(x / median) / ln(p10 / median)) AS DECIMAL(38, 9))",
    ),
    ('"exactly root level"(x, top)', "CAST(sqrt(CAST(x AS DOUBLE) / CAST(top AS DOUBLE)) AS DECIMAL(38, 9))"),
    ('"exactly logarithmic level"(x, top)', "CAST(ln(x + 1) / ln(top + 1) AS DECIMAL(38, 9))"),
    ('"exactly mean"(total, top, weights)', "CAST(total * CAST(top AS DOUBLE) / weights AS DECIMAL(38, 9))"),
)
"""What the script for reading has in place of the functions that work in decimals: right but for the last place at
times."""


def called_macros(text: str) -> tuple[Macro, ...]:
    """Return the macros that a text calls, also through others, each after those that it calls."""
    names: frozenset[str] = frozenset()
    while True:
        new = frozenset(each.name for each in MACROS if f"{each.name}(" in text) - names
        if not new:
            return tuple(each for each in MACROS if each.name in names)
        names |= new
        text = "".join(each.body for each in MACROS if each.name in new)

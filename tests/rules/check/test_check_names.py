"""Takes rulebooks whose names mean nothing, the wrong thing or two things; holds what the checker tells of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

M = 'measure m "m"\n    '
R = 'rule r "R"\n    because "x"\n    '
FACET = 'facet {name} "F"\n    rule {rule} "R"\n        points size\n        because "x"\n'
REQUIRE = 'require {name} "q"\n    when consent\n    otherwise no score "x"\n'

CASES = {
    "measure unknown in a rule": (
        "name-unknown",
        M + "count post\n" + 'measure likes "l"\n    count like\n' + R + "points «liks» * 2",
    ),
    "field unknown in an exclusion": ("name-unknown", 'exclude x "x"\n    when «actr» = subject'),
    "parameter unknown in a constant": ("name-unknown", M + "count post\n    halving every «fade»"),
    "kind unknown": ("name-unknown", M + "count «posst»"),
    "value unknown": ("name-unknown", 'exclude x "x"\n    when kind != «pots»'),
    "value unknown in a list": ("name-unknown", 'exclude x "x"\n    when kind in (post, «lke»)'),
    "value unknown in a table": ("name-unknown", R + "points by rank\n        «lo»: 1\n        otherwise: 0"),
    "field unknown in repeats": ("name-unknown", 'exclude x "x"\n    repeats of actor, «itm»'),
    "field unknown in distinct": ("name-unknown", M + "distinct «actr» of like"),
    "attribute of the actor unknown": ("name-unknown", 'exclude x "x"\n    when actor.«consnt» = yes'),
    "owner unknown": ("name-unknown", 'exclude x "x"\n    when «subject».consent = yes'),
    "a field is no attribute of the actor": ("name-unknown", 'exclude x "x"\n    when actor.«item» = "a"'),
    "placeholder unknown": ("name-unknown", R + 'points size\n    say "You have {«siz»}."'),
    "a measure in an exclusion": ("measure-here", M + 'count post\nexclude x "x"\n    when «m» >= 3'),
    "a measure in a measure of records": (
        "measure-here",
        M + 'count post\n    when «n» >= 3\nmeasure n "n"\n    count like',
    ),
    "a field in a rule": ("field-here", R + "points «amount»"),
    "a field in a formula": ("field-here", M + "= «amount» * 2"),
    "a field in a requirement": ("field-here", 'require q "q"\n    when «kind» = post\n    otherwise no score "x"'),
    "the actor's attribute in a rule": ("field-here", R + "points if «actor.consent» then 1 else 0"),
    "an attribute in a constant": ("not-constant", M + "count post\n    keep at most «size» per actor"),
    "a test in a constant": ("not-constant", 'parameter p = «if 1 < 2 then 3 else 4» "p"'),
    "an attribute is no field": ("not-a-field", M + "distinct «city» of like"),
    "a parameter is no field": ("not-a-field", 'parameter p = 3 "p"\n' + M + "count like\n    keep at most 3 per «p»"),
    "two measures": ("name-twice", M + 'count post\nmeasure «m» "m"\n    count like'),
    "a measure and a field": ("name-twice", 'measure «item» "i"\n    count like'),
    "a parameter and a measure": ("name-twice", 'parameter m = 3 "p"\nmeasure «m» "m"\n    count like'),
    "two rules": ("name-twice", R + 'points size\nrule «r» "R"\n    points size\n    because "x"'),
    "two facets": (
        "name-twice",
        FACET.format(name="f", rule="r") + FACET.format(name="«f»", rule="s"),
    ),
    "two requirements": (
        "name-twice",
        REQUIRE.format(name="q") + REQUIRE.format(name="«q»"),
    ),
    "two exclusions": ("name-twice", 'exclude x "x"\n    when kind = post\nexclude «x» "x"\n    when kind = like'),
    "two discounts": (
        "name-twice",
        'discount d "d"\n    to 50%\n    when kind = post\ndiscount «d» "d"\n    to 10%\n    when kind = like',
    ),
    "a kind twice": ("listed-twice", M + "count post, «post»"),
    "a field twice": ("listed-twice", M + "distinct actor, «actor» of post"),
    "a value twice in a list": ("listed-twice", 'exclude x "x"\n    when kind in (post, «post»)'),
    "measures in a circle": ("circle", 'measure «a» "a"\n    = b + 1\nmeasure b "b"\n    = a * 2'),
    "a measure of itself": ("circle", 'measure «a» "a"\n    = a + 1'),
    "parameters in a circle": ("circle", 'parameter «p» = q + 1 "p"\nparameter q = p "q"'),
    "a value in quotes": ("value-quoted", 'exclude x "x"\n    when kind = «"post"»'),
    "a stray brace": ("placeholder", R + 'points size\n    say "You have «{»size"'),
    "a field in a sentence": ("placeholder", R + 'points size\n    say "You have «{amount}»."'),
}


@pytest.mark.parametrize(("name", "text"), CASES.values(), ids=CASES.keys())
def test_tells_of_a_name(name: str, text: str, expect_mistake: Callable[..., object]) -> None:
    """One wrong name gets one diagnostic, at that name and nowhere else."""
    expect_mistake(name, text)

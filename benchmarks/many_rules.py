"""Takes a number of rules; gives a rulebook with so many, each with a measure of its own as far as may be."""

from __future__ import annotations

_MOST_MEASURES = 900
"""A rulebook has at most 2,000 declarations."""
_KINDS = 40
_HEAD = """rulebook "Many rules" version 1.0.0
    owner "Tallystick"

records
    subject text
    actor   text
    kind    one of {kinds}
    at      time
    size    number 0 to 1000

exclude robots "automated accounts"
    when actor ends with "[bot]"
    because "A program counts for nothing."
"""
_MEASURES = (
    (
        'measure m{n} "thing" / "things"\n    count act{kind}\n    keep at most 3 per actor per week\n'
        "    halving every 30 days"
    ),
    'measure m{n} "person" / "people"\n    distinct actor of act{kind}\n    within 90 days',
    'measure m{n} "unit" / "units"\n    sum size of act{kind}\n    when size > {low}',
    'measure m{n} "point" / "points"\n    = m{before} + 2 * m{last} + 1\n    when m{last} >= 1',
)
_BODIES = (
    "        points 0.1 * m{n}\n        at most 10",
    (
        "        points by m{n}\n            under 1: 0\n            1 to under 5: 2\n            5 to under 20: 5\n"
        "            20 or more: 10"
    ),
    "        points 2\n        when m{n} >= 5 and (m{last} > 2 or m{before} = 0)",
    "        points -0.5 * m{last}\n        at least -10",
)


def many_rules(rules: int) -> str:
    """Return the text."""
    measures = min(rules, _MOST_MEASURES)
    blocks = [_HEAD.format(kinds=", ".join(f"act{kind}" for kind in range(_KINDS)))]
    for n in range(measures):
        body = _MEASURES[n % len(_MEASURES)]
        blocks.append(body.format(n=n, last=n - 1, before=n - 2, kind=n % _KINDS, low=n % 100) + "\n")
    for n in range(rules):
        if n % 50 == 0:
            blocks.append(f'facet f{n // 50} "Facet {n // 50}"\n')
        at = n % measures
        about = _BODIES[n % len(_BODIES)].format(n=at, last=max(at - 1, 0), before=max(at - 2, 0))
        blocks.append(f'    rule r{n} "Rule {n}"\n{about}\n        because "Somebody took the trouble."\n')
    return "\n".join([*blocks, 'score "Total"\n    sum of all rules\n    rounded to 1 place\n'])

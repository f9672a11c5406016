"""Takes the rulebook that uses everything; edits each clause of it in turn, and keeps the sentences that say so."""

from __future__ import annotations

import re
from pathlib import Path

from generators.accepted import accepted
from syrupy.assertion import SnapshotAssertion

from tallystick.explain.difference.difference import difference
from tallystick.rules.rulebook import Rulebook

TEXT = (Path(__file__).parents[1] / "everything.tally").read_text(encoding="utf-8")
ROUNDS = (
    (
        ('rulebook "Everything"', 'rulebook "All"'),
        ('owner     "Us"', 'owner "Them"'),
        ('contact   "us@', 'contact   "me@'),
        ('purpose   "Try', 'purpose   "Do'),
        ('measures  "What there', 'measures  "What it'),
        ('not for   "anything"', 'not for "hiring"'),
        ('source    "Made up."', 'source "Found."'),
        ("    effective 2026-01-01\n", ""),
        ('    time zone "Europe/Berlin"\n', ""),
        ('subject from "who" text', 'subject from "whom" text'),
        ("kind    one of post, like, share", "kind    one of post, like, share, boo"),
        ('at      time in "Europe/Berlin"', "at      time"),
        ("item    text optional", "item    text"),
        ("amount  number 0 to 100 with 2 places", "amount  number 0 to 90 with 2 places"),
        ("    urgent  yes/no\n", '    urgent  yes/no "in a hurry"\n'),
        ('"whom it counts for"', '"whose it is"'),
        ("region  one of north, south, east", "region  one of north, south private"),
        ("joined  date private optional", 'joined from "since" date private optional'),
        ("due     date private optional", "due     date optional"),
        ("fade = 30 days", "fade = 3 weeks"),
        ("limit = 5", "limit = 6"),
        ('"how long"\n', '"how very long"\n'),
        ('    because "A month."\n', ""),
        ("limit per item", "5 per item"),
        ('require consent "agreed"\n    when consent', 'require consent "agreed"\n    when not consent'),
        ('"You have not agreed."', '"No."'),
        ('    because "It is yours."\n', ""),
        (
            'exclude robots "programs"\n    when item is missing or item or else "" ends with "[bot]"',
            'exclude robots "programs"\n    when item is missing',
        ),
        ("    when kind in (like, share)\n    repeats", "    repeats"),
        ("repeats of actor, item", "repeats of actor"),
        ("    to 50%\n", "    to 0%\n"),
        ("returned within 30 days", "returned within 31 days"),
        ("    count post\n", "    count post, like\n"),
        ("distinct actor, item of like given", "distinct actor of like given"),
        ("        like:  2\n", "        like:  4\n"),
        ("latest amount of post, like", "highest amount of post, like"),
        ("sum if amount > 50 then 50 else amount of share", "sum amount of share"),
        ("    within 90 days\n", ""),
        ("    diluted per actor per day\n", ""),
        ("    total at most 20 per month\n", ""),
        ("    halving every fade\n", ""),
        ('measure posts "post" / "posts"', 'measure posts "text" / "texts"'),
        ('    because "Writing."\n', ""),
        ("= min(likers, 10) / max(posts, 1) - -net", "= min(likers, 10) / max(posts, 2)"),
        ("    when days since joined or else 0 > 5\n", ""),
        ("    at most 80\n    at least -80\n", "    at least -80\n"),
        ('facet you "Who you are"\n', 'facet you "Who you are"\n    at most 9\n'),
        ('facet acts "What you do"', 'facet acts "What you did"'),
        ('    because "Acts."\n', ""),
        ("weight 40", "weight 30"),
        ("level  posts, logarithmic to 50", "level  likers, logarithmic to 50"),
        ("logarithmic to 50", "square root to 50"),
        ("        at most 39\n", ""),
        ("        at least 1\n", ""),
        ("        when consent\n", ""),
        ('otherwise 0 "Not for you."', 'otherwise 1 "Not for you."'),
        ("        otherwise not applicable\n", '        otherwise 0 "None."\n'),
        ('        say "You wrote {posts}."\n', ""),
        ("points last", "points last + 1"),
        ("by years since joined", "by days since joined"),
        ("3 or more:    10", "3 or more:    12"),
        (
            "            under 1:      0\n            1 to under 3: 5",
            "            under 2:      0\n            2 to under 3: 5",
        ),
        ("            north, south: 1\n", "            north: 1\n            south: 2\n"),
        ('missing:      0 "We do not know."', 'missing:      1 "We do not know."'),
        ('"We do not know."', '"Unknown."'),
        ('        because "Time counts."\n', '        baseline 5\n        because "Time counts."\n'),
        (
            "    sum of all rules\n    at least 0\n    at most 100\n    rounded",
            "    sum of all rules\n    at least 0\n    rounded",
        ),
        ("    rounded to 2 places, lines to 4\n", ""),
        ('score "Everything"', 'score "All"'),
        ('from 50 high "High"', 'from 60 high "High"'),
        ("as of 2026-03-01\n", "as of 2026-03-02\n"),
        ("place   1", "place   2"),
        ("        band    low\n", ""),
        ("because writing, place", "because place"),
        ("ada     no      -", "ada     no      2020-01-01"),
        ("1  bob     ada   post", "1  bob     eve   post"),
        ("no score consent", "no score consent\n        score 1"),
    ),
    (
        ('    owner     "Us"\n', ""),
        ('    not for   "anything"\n', ""),
        ("effective 2026-01-01", "effective 2026-02-01"),
        ('time zone "Europe/Berlin"', 'time zone "Asia/Tokyo"'),
        ('subject from "who" text', "subject text"),
        ('at      time in "Europe/Berlin"', 'at      time in "Asia/Tokyo"'),
        ("amount  number 0 to 100 with 2 places", "amount  number 0 to 100"),
        ("    urgent  yes/no\n", '    urgent  yes/no\n    more    text optional "more"\n'),
        ("region  one of north, south, east\n", 'region  one of north, south, east\n    size number optional "size"\n'),
        ("limit = 5", "limit = 2 + 3"),
        ("    repeats of actor, item\n", ""),
        (
            '    when item is missing or item or else "" ends',
            '    repeats of item\n    when item is missing or item or else "" ends',
        ),
        ("    to 50%\n    when returned within 30 days", "    to 50%"),
        ("distinct actor, item of like given", "distinct actor, item of like"),
        ("    sum by kind\n        like:  2\n        share: 3\n", "    sum by kind\n        like:  2\n"),
        ("    within 90 days\n", "    within 80 days\n"),
        ("keep at most limit per item per week", "keep at most limit per item"),
        ("total at most 20 per month", "total at most 20 per week"),
        ("halving every fade", "halving every 30 days"),
        (
            "    = min(likers, 10) / max(posts, 1) - -net\n    when days since joined or else 0 > 5\n",
            "    count share\n",
        ),
        ("    at most 80\n    at least -80\n", "    at most 80\n"),
        ("at most 80", "at most 70"),
        ("logarithmic to 50", "logarithmic to 60"),
        ("        at most 39\n", "        at most 38\n"),
        ("        when consent\n", "        when not consent\n"),
        ('otherwise 0 "Not for you."', 'otherwise 0 "No."'),
        ('say "You wrote', 'say "You made'),
        ("by years since joined\n", "by years since joined or else 0\n"),
        ("            1 to under 3: 5\n            3 or more:    10\n", "            1 or more: 10\n"),
        ("            otherwise:    2\n", "            east:    2\n"),
        ("    at most 100\n    rounded", "    at most 90\n    rounded"),
        ("rounded to 2 places, lines to 4", "rounded to 1 place"),
        ('from 50 high "High"', 'from 50 high "Higher"'),
        ('example "nobody"', 'example "somebody"'),
    ),
    (
        ('    owner     "Us"\n', '    owner     "Us"\n    noise 1\n'),
        ("amount  number 0 to 100 with 2 places", "amount  whole number 0 to 100"),
        ("    keep at most limit per item per week\n", ""),
        ("halving every fade", "halving every 60 days"),
        ("level  posts, logarithmic to 50", "level  posts / 100"),
        ('        otherwise 0 "Not for you."\n', ""),
        ("rounded to 2 places, lines to 4", "rounded to 2 places, lines to 3"),
        ('    from 50 high "High"\n', ""),
    ),
    (
        ("    halving every fade\n", "    halving every fade except pauses\n"),
        ("weight 40\n        level  posts, logarithmic to 50", "points posts"),
        ("    rounded to 2 places, lines to 4\n", "    rounded to 2 places, lines to 4\n    reasons at most 3\n"),
        ('    from 50 high "High"\n', '    from 50 high "High"\n    from 80 top "Top"\n'),
    ),
)
"""What is replaced in the text, and what by, in rounds: each clause is changed, and comes or goes where it may."""
RENAMED = ("posts", "fade", "tenure", "acts", "high", "robots", "favours", "enough")


def told(old: Rulebook, text: str) -> str:
    """Say what is different in a text that has no error, and which version it deserves."""
    found = difference(old, accepted(text))
    assert not found.same
    changes = (f"  {each.scope}: {' '.join((each.sentence, *each.effects))}" for each in found.changes)
    return "\n".join((*changes, f"  -> {found.deserves.level}"))


def between(start: str, end: str) -> str:
    """Return the text from one place up to another."""
    first = TEXT.index(start)
    return TEXT[first : TEXT.index(end, first)]


def test_each_clause_changed_reads_as_a_sentence(snapshot: SnapshotAssertion) -> None:
    """Every clause of the language, changed, added or taken out, is told in a sentence with old and new in it."""
    old = accepted(TEXT)
    rounds = []
    for edits in ROUNDS:
        text = TEXT
        for before, after in edits:
            assert before in text, before
            text = text.replace(before, after, 1)
        rounds.append(told(old, text))
    assert "\n".join(rounds) == snapshot


def test_each_sort_of_declaration_comes_and_goes(snapshot: SnapshotAssertion) -> None:
    """A declaration that is new or gone is told with all that it does; what only goes by another name, as that."""
    old = accepted(TEXT)
    because = 'because "B."\n\n'
    texts = {
        "a parameter": TEXT.replace(
            "measure posts", f'parameter more = 3 "more"\n    {because}measure posts', 1
        ).replace("at most 20 per month", "at most more * 7 per month"),
        "a requirement": TEXT.replace(
            "require consent",
            'require more "more"\n    when consent\n    otherwise no score "No."\n\nrequire consent',
            1,
        ),
        "an exclusion": TEXT.replace(
            "exclude robots",
            f'exclude more "more"\n    when urgent\n    repeats of item, actor\n    {because}exclude robots',
            1,
        ),
        "a discount": TEXT.replace(
            "discount favours", f'discount more "more"\n    to 20%\n    when urgent\n    {because}discount favours', 1
        ),
        "a facet": TEXT.replace("    rule latest", 'facet third "Third"\n    at most 9\n\n    rule latest', 1),
        "no rule": TEXT.replace(between("    rule latest", 'score "Ev'), ""),
        "no facet": TEXT.replace('facet you "Who you are"\n\n', ""),
        "no bands": TEXT.replace(between("bands\n", "example"), "").replace("        band    low\n", ""),
        "a new order of exclusions": TEXT.replace(between("exclude robots", "exclude twice"), "").replace(
            "discount favours", between("exclude robots", "exclude twice") + "discount favours", 1
        ),
        "a new order of rules": TEXT.replace(between("    rule tenure", "    rule place"), "").replace(
            "    rule rest", between("    rule tenure", "    rule place") + "    rule rest", 1
        ),
        **{f"{name} renamed": re.sub(rf"\b{name}\b", f"{name}_now", TEXT) for name in RENAMED},
    }
    assert "\n".join(f"{what}\n{told(old, text)}" for what, text in texts.items()) == snapshot


def test_braces_and_backticks_of_an_author_stay_text() -> None:
    """What is quoted within a sentence is never taken for a place in it, or for the end of a quotation."""
    text = TEXT.replace("region  one of north, south, east", "region  text")
    text = text.replace("north, south: 1", '"{old}", "`{0}`": 1')
    old = accepted(text)
    assert 'in row `"{old}", "\'{0}\'"`.' in told(old, text.replace('"`{0}`": 1', '"`{0}`": 2'))

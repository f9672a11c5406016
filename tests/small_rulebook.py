"""Takes pieces of a small rulebook, and what to put in their place; gives its text, whose points are easily counted."""

from __future__ import annotations

SMALL = """\
rulebook "Small" version 1.0.0
    owner "Somebody"

records
    subject text
    actor   text
    kind    one of post, share
    at      date

require enough "enough to judge"
    when posts >= 1
    otherwise insufficient data "You have not posted."

measure posts "post" / "posts"
    count post

measure shares "share" / "shares"
    count share

facet all "Everything"
    at most 10

    rule posting "You post"
        points posts
        because "Posts are what it is about."

    rule sharing "People share"
        points 2.5 * shares
        when shares >= 1
        because "Shares carry further."

score "Small"
    sum of all rules
    at least 0
    at most 100
    rounded to 1 place

bands
    from 0 low  "Low"
    from 5 high "High"
"""


def small(*edits: tuple[str, str]) -> str:
    """Return the text with pieces replaced, each of which must be there."""
    text = SMALL
    for before, after in edits:
        assert before in text, before
        text = text.replace(before, after)
    return text

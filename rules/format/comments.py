"""Takes the lines of a layout and the comments of the source; gives the text, with each comment at its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from msgspec import Struct, field

from tallystick.rules.format.lines import Printed
from tallystick.rules.parse.layout import TAB_STOP
from tallystick.rules.source import Source
from tallystick.rules.syntax import Comment

_BLANK_LINE: Final = re.compile(r"[ \t\r]*\n[ \t\r]*\n")


class _Around(Struct):
    """The comments of one line: on lines of their own before it, behind it, and after it (with their depth)."""

    before: list[Comment] = field(default_factory=list)
    behind: list[Comment] = field(default_factory=list)
    after: list[tuple[int, Comment]] = field(default_factory=list)


def weave(lines: Sequence[Printed], comments: Sequence[Comment], source: Source) -> str:
    """Print the lines; a comment of its own line stays before the next line, or in the block that it ended."""
    around = [_Around() for _ in lines]
    last = _placed(lines, comments, source, around)
    text: list[str] = []
    for place, (line, near) in enumerate(zip(lines, around, strict=True)):
        if line.apart:
            text.append("")
        margin = " " * (TAB_STOP * line.level)
        may_be_apart = line.apart or place == 0
        for comment in [*near.before, *near.behind[:-1]]:
            text.append(margin + comment.text)
            if may_be_apart and comment.own_line and _BLANK_LINE.match(source.text, comment.span.end):
                text.append("")
        text.append("  ".join([line.text, *(comment.text for comment in near.behind[-1:])]))
        text += [" " * (TAB_STOP * level) + comment.text for level, comment in near.after]
    for place, comment in enumerate(last):
        if place == 0 or _BLANK_LINE.match(source.text, last[place - 1].span.end):
            text.append("")
        text.append(comment.text)
    return "".join(f"{line}\n" for line in text)


def _placed(
    lines: Sequence[Printed], comments: Sequence[Comment], source: Source, around: list[_Around]
) -> list[Comment]:
    """Give each comment to the line it belongs to; return those after the last line."""
    order = sorted(range(len(lines)), key=lambda place: lines[place].own.start)
    starts = [lines[place].own.start for place in order]
    last: list[Comment] = []
    for comment in comments:
        position = bisect_right(starts, comment.span.start) - 1
        if position < 0:
            around[order[0]].before.append(comment)
            continue
        host = order[position]
        follower = order[position + 1] if position + 1 < len(order) else None
        if not comment.own_line:
            around[host].behind.append(comment)
        elif comment.span.start < lines[host].own.end:
            around[host].before.append(comment)
        else:
            waiting = last if follower is None else around[follower].before
            level = None if waiting else _ended(lines, host, follower, comment, source)
            if level is None:
                waiting.append(comment)
            else:
                around[host].after.append((level, comment))
    return last


def _ended(lines: Sequence[Printed], host: int, follower: int | None, comment: Comment, source: Source) -> int | None:
    """Return the depth of the block that a comment ends, if it stands deeper than the line that follows it."""
    column = _column(source, comment.span.start)
    least = 0 if follower is None else lines[follower].level
    if column <= (0 if follower is None else _column(source, lines[follower].own.start)):
        return None
    level = lines[host].level + 1
    for place in range(host, -1, -1):
        line = lines[place]
        if line.level < level:
            level = line.level
            if level <= least:
                return None
            if _column(source, line.own.start) <= column:
                return level
    return None


def _column(source: Source, offset: int) -> int:
    """Return how far the line at a place is indented."""
    line = source.line(source.place(offset).line)
    blanks = line[: len(line) - len(line.lstrip(" \t"))]
    return len(blanks.expandtabs(TAB_STOP))

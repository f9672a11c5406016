"""Takes a line of the layout; gives it broken inside its first list in parentheses, if it is too long."""

from __future__ import annotations

from typing import Final

from tallystick.rules.parse.tokens import TokenKind, scan

WIDTH: Final = 120
"""Columns after which a list in parentheses is broken."""
_DEEPER: Final = " " * 4


def broken(margin: str, text: str) -> str:
    """Indent a line; break the first list in parentheses of one that is wider than 120 columns."""
    found = _first_list(text) if len(margin) + len(text) > WIDTH else None
    if found is None:
        return margin + text
    start, commas, end = found
    items = [text[a:b].strip() for a, b in zip([start, *(c + 1 for c in commas)], [*commas, end], strict=True)]
    lines = [text[:start]]
    row = ""
    for place, item in enumerate(items):
        cell = item if place == len(items) - 1 else f"{item},"
        if row and len(margin) + len(_DEEPER) + len(row) + 1 + len(cell) > WIDTH:
            lines.append(_DEEPER + row)
            row = cell
        else:
            row = f"{row} {cell}" if row else cell
    lines += [_DEEPER + row, text[end:]]
    return "\n".join(margin + line for line in lines)


def _first_list(text: str) -> tuple[int, list[int], int] | None:
    """Find the first outer parentheses with a comma: where they begin, their commas, where they end."""
    depth = 0
    start = 0
    commas: list[int] = []
    for token in scan(text, 0, len(text)).tokens:
        if token.kind is not TokenKind.SYMBOL:
            continue
        match token.text:
            case "(":
                depth += 1
                if depth == 1:
                    start, commas = token.end, []
            case "," if depth == 1:
                commas.append(token.start)
            case ")":
                if depth == 1 and commas:
                    return start, commas, token.start
                depth -= 1
            case _:
                pass
    return None

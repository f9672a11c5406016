"""Takes what is missing for a duty; gives the words: what it is, and what to add and where."""

from __future__ import annotations

from typing import assert_never

from tallystick.explain.duties.lacks import Lack


def missing_words(lack: Lack, name: str | None) -> tuple[str, str]:  # noqa: C901, PLR0912  one for each
    """Return what is missing, as one lower-case phrase, and what to write or do."""
    match lack:
        case Lack.PURPOSE:
            return "the rulebook does not say what the score is for", _in_head("purpose")
        case Lack.MEASURES:
            return "the rulebook does not say what the score measures", _in_head("measures")
        case Lack.OWNER:
            return "the rulebook does not say whose it is", _in_head("owner")
        case Lack.CONTACT:
            return "the rulebook does not say whom to write to", _in_head("contact")
        case Lack.SOURCE:
            return "the rulebook does not say where the data come from", _in_head("source")
        case Lack.BANDS:
            return (
                "no bands say what a score means",
                'add `bands`, with a line such as `from 50 high "…"` for each threshold at which something follows',
            )
        case Lack.WORDS:
            return f"rule `{name}` says nothing in words", f'add `because "…"` to rule `{name}`'
        case Lack.BECAUSE:
            return (
                f"rule `{name}` does not say why it counts for as much as it does",
                f'add `because "…"` to rule `{name}`',
            )
        case Lack.MOST:
            return (
                f"nothing says the most that rule `{name}` can give",
                f"add `at most` to rule `{name}`, or bound what it reads",
            )
        case Lack.BASELINE:
            return (
                f"rule `{name}` is not compared with an average",
                f"add `baseline N` to rule `{name}`: its average points among those at the pass mark, or among all",
            )
        case Lack.OTHERWISE:
            return (
                f"rule `{name}` can be told as a reason without having been scored",
                f'add `otherwise 0 "…"` to rule `{name}`, which says what is so when it does not apply',
            )
        case Lack.REASONS_AT_MOST:
            return "more than four reasons are told", "tell the four that weigh most"
        case Lack.REQUIREMENT_WORDS:
            which = "a requirement" if name is None else f"`{name}`"
            return f"{which} says nothing to whoever does not meet it", "write what it asks into its quotes"
        case Lack.OWN_TITLE:
            return (
                f"rule `{name}` has the title of another rule, or of the score",
                f"give rule `{name}` a title that says what it looks at",
            )
        case Lack.DATA:
            return "no data are named", "declare what is read under `records` or `subjects`"
        case Lack.ACCOUNT:
            return f"nothing shows how the points of rule `{name}` came about", "explain the run again"
        case Lack.HIDDEN:
            what = "it" if name is None else f"the line of rule `{name}`"
            return f"{what} is hidden from whoever this explanation is for", "write `--audience subject`"
        case Lack.LINES:
            return "there are no lines here", "give the page that `tally guide` prints together with the explanation"
        case Lack.REASONS:
            return "no reason is told", "let the score tell reasons: raise `reasons at most`, or leave the line out"
        case Lack.LEFT_OUT:
            return (
                f"rule `{name}` held the score back as much as a reason that is told, and is not told",
                "raise `reasons at most` under `score`, up to 4, or leave the line out",
            )
        case Lack.VARIATION:
            return "no variation of the data was tried", "explain again with `--could-change`"
        case Lack.ANY_VARIATION:
            return (
                "no action that was tried makes another result",
                "try other data with `tally whatif RUN --subject S --set-attribute NAME=VALUE`, and give that, too",
            )
        case Lack.RECEIPT:
            return "there is no receipt, so nobody can work it out again", "explain a run that `tally score --out` made"
        case Lack.RECORDS:
            return "the records that counted are not shown", "explain again with `--evidence`"
        case Lack.WITHHELD_BECAUSE:
            return "something is withheld without a reason", "say why it is withheld"
        case _:
            assert_never(lack)


def _in_head(key: str) -> str:
    return f'add `{key} "…"` under `rulebook`'

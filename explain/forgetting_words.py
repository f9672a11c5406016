"""Takes what became of a run from which somebody was removed; gives the sentences that say so."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.engine.forgetting import Forgotten
from tallystick.explain.plain import counted


def forgotten_words(found: Forgotten) -> Iterator[str]:
    """Say what is gone from one run, and what is left to do."""
    if not found.there:
        yield f"{found.run}: nothing of that name is in it, so it is as it was"
        return
    records = counted(f"{found.records:,}", "record", "records")
    ledger = f"their ledger and {records} about them are gone" if found.people else "they had no ledger in it"
    yield f"{found.run}: {ledger}; the receipt says that somebody was removed, not who"
    if found.others:
        others = counted(f"{found.others:,}", "record", "records")
        yield f"  in {others} about others, {found.mark} stands in place of the name; nobody else's numbers change"
    if found.unkept:
        yield (
            "  the records that are left no longer give everybody else's numbers, so the run keeps none: to see the "
            "records behind a number, give the files that it was made from with `--records`"
        )
    if found.was_signed:
        yield "  it was signed; the signature was of the receipt before and is gone: sign it again with `tally sign`"
    if found.in_rulebook:
        yield "  the name stands in the rulebook, too, which was left as it is: the receipt knows it to the last letter"

"""Takes a run's folder, a key and an empty folder; gives the run's site in it, its pages written by all processors."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from tallystick.engine import open_run
from tallystick.engine.refusals import Refusal
from tallystick.explain import Explainer
from tallystick.explain.calculator import Reckoner
from tallystick.explain.document import MiddleHalf
from tallystick.explain.for_audience import Showing
from tallystick.explain.in_language import Wording, run_in_language, with_rulebook, wording_of
from tallystick.explain.public_site import public_lists, public_person_files
from tallystick.explain.site import Everybody, SiteFile, common_files, person_files
from tallystick.explain.site_documents import PEOPLE, PUBLIC, RULES, RUNS
from tallystick.rules.audience import Audience

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

    from tallystick.engine.ledger import SubjectLedger
    from tallystick.engine.run import FinishedRun
    from tallystick.explain.change_document import Change

Told = Callable[[int], None]
_BATCH = 200
"""So many people's evidence is asked for at once."""
_SECONDS = 0.2
_ENOUGH = 500
"""Fewer people are not worth the second that another process takes to start."""


@dataclass(frozen=True, slots=True)
class Share:
    """The pages that one process writes: every ``of``-th batch of people, beginning with number ``which``.

    ``audience`` reads the people's own pages; ``public``: everybody who has a score has one for anybody besides.
    ``language``: of the words for those who are scored; None is English, as the auditors' page always is.
    """

    run: Path
    folder: Path
    key: bytes
    evidence: bool
    audience: Audience = Audience.SUBJECT
    public: bool = False
    since: Path | None = None
    language: str | None = None
    middle: MiddleHalf | None = None
    which: int = 0
    of: int = 1


def write_site(run: FinishedRun, share: Share, told: Callable[[str, int], None]) -> tuple[tuple[str, ...], int]:
    """Write all files of a site; return the names of the people who have a page, and how many have a score."""
    told("looking at everybody", 0)
    everybody = Everybody.of(run)
    for name in (PEOPLE, RULES, RUNS, *((PUBLIC,) if share.public else ())):
        (share.folder / name).mkdir()
    with run_in_language(run, share.language) as worded:
        for file in common_files(worded, everybody, share.key, public=share.public):
            _write(share.folder, file)
        if share.public:
            for file in public_lists(worded.rulebook, run.as_of, everybody.scored):
                _write(share.folder, file)
    people = len(everybody.names)
    whole = replace(share, middle=everybody.run.middle)

    def written(number: int) -> None:
        told(f"writing pages: {number:,} of {people:,}", 0)

    processes = min(_processors(), max(1, people // _ENOUGH))
    if processes == 1:
        done = 0
        for batch in _write_batches(run, whole):
            done += batch
            written(done)
    else:
        _in_processes(whole, processes, written)
    return everybody.names, len(everybody.scored)


def _in_processes(share: Share, processes: int, written: Told) -> None:
    """Let several processes write a share each; whatever goes wrong in one of them ends all."""
    context = get_context("spawn")
    done, ended = context.Value("l", 0), context.Value("b", 0)
    with ProcessPoolExecutor(processes, context, _begin, (done, ended)) as pool:
        try:
            waiting = {pool.submit(_write_share, replace(share, which=each, of=processes)) for each in range(processes)}
            while waiting:
                ready, waiting = wait(waiting, timeout=_SECONDS)
                for each in ready:
                    match each.result():
                        case OSError() | Refusal() as error:
                            raise error
                        case str() as trace:
                            raise RuntimeError(trace)
                written(done.value)
        finally:
            ended.value = 1


_done: Synchronized[int] | None = None
_ended: Synchronized[int] | None = None


def _begin(done: Synchronized[int], ended: Synchronized[int]) -> None:
    """Let a new process know what it shares with the others, and leave Ctrl-C to the one that began."""
    import signal

    global _done, _ended
    _done, _ended = done, ended
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _write_share(share: Share) -> OSError | Refusal | str | None:
    """Write a process's share; return what went wrong, in a form that any process can read."""
    try:
        run = open_run(share.run)
        try:
            for batch in _write_batches(run, share):
                if _done is not None:
                    with _done.get_lock():
                        _done.value += batch
                if _ended is not None and _ended.value:
                    break
        finally:
            run.close()
    except (OSError, Refusal) as error:
        return error
    except Exception:  # noqa: BLE001  told by the process that began
        return traceback.format_exc()
    return None


def _batches(run: FinishedRun, share: Share) -> Iterator[list[SubjectLedger]]:
    """Give the ledgers of a share, batch by batch."""
    ledgers = run.ledgers()
    number = 0
    while batch := list(islice(ledgers, _BATCH)):
        if number % share.of == share.which:
            yield batch
        number += 1


def _write_batches(run: FinishedRun, share: Share) -> Iterator[int]:
    """Write a share batch by batch; give how many people each was."""
    with (
        wording_of(share.language, run) as worded,
        closing(_Changes(run, share.since, share.audience, worded)) as changes,
    ):
        yield from _write_worded(with_rulebook(run, worded(run.rulebook)), share, changes)


def _write_worded(run: FinishedRun, share: Share, changes: _Changes) -> Iterator[int]:
    """Write a share in the language that is spoken."""
    explainer, reckoner = Explainer(run), Reckoner.of_score(run.rulebook, run.as_of)
    showing, showing_public = (Showing(run.rulebook, each) for each in (share.audience, Audience.PUBLIC))
    for ledgers in _batches(run, share):
        names = [each.score.subject for each in ledgers]
        evidence = dict(run.evidence_of_many(names)) if share.evidence else {}
        for name, ledger in zip(names, ledgers, strict=True):
            document = explainer.of(ledger, evidence=evidence.get(name, ()))
            change = changes.of(name)
            for file in person_files(document, share.middle, share.key, change, reckoner, showing=showing):
                _write(share.folder, file)
            if share.public:
                for file in public_person_files(document, share.middle, showing_public):
                    _write(share.folder, file)
        yield len(ledgers)


class _Changes:
    """What changed for one person after another since an earlier run; nothing where there is none."""

    def __init__(self, run: FinishedRun, since: Path | None, audience: Audience, worded: Wording) -> None:
        """Account for the difference between the two runs."""
        self._earlier = None if since is None else open_run(since)
        self._each: Iterator[Change] = iter(())
        if self._earlier is not None:
            from tallystick.engine.between import between
            from tallystick.explain.change import Accounting
            from tallystick.explain.change_for_audience import ShowingChanges

            accounting = Accounting(between(self._earlier, run), worded)
            self._each = map(ShowingChanges(accounting.rulebooks, audience).of, accounting.each())

    def of(self, name: str) -> Change | None:
        """Return a person's change; people are asked for in the order of code points."""
        if self._earlier is None:
            return None
        # INVARIANT: the account names everybody of both runs, so nobody who is asked for is passed over.
        return next(each for each in self._each if each.people[0].subject == name)

    def close(self) -> None:
        """Let go of the earlier run."""
        if self._earlier is not None:
            self._earlier.close()


def _write(folder: Path, file: SiteFile) -> None:
    """Write a file."""
    (folder / file.path).write_text(file.text, encoding="utf-8", newline="\n")


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

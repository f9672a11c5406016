"""Takes a run's folder, a key and an empty folder; gives the run's site in it, its pages written by all processors."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import closing
from heapq import merge
from itertools import groupby, islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine import open_run
from tallystick.engine.refusals import Refusal, UsageRefusal
from tallystick.explain import Explainer
from tallystick.explain.audience.for_audience import Showing
from tallystick.explain.calculator.calculator import Reckoner
from tallystick.explain.languages.in_language import Wording, run_in_language, with_rulebook, wording_of
from tallystick.explain.site.documents import PEOPLE, PUBLIC, RULES, RUNS
from tallystick.explain.site.files import Everybody, SiteFile, common_files, overview_files, person_files
from tallystick.explain.site.public_files import public_lists, public_overview_files, public_person_files
from tallystick.explain.tree.scores import MiddleHalf
from tallystick.rules.audience import Audience
from tallystick.rules.questions.by import values_of

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

    from tallystick.engine.ledger import EvidenceRow, SubjectLedger
    from tallystick.engine.run import FinishedRun
    from tallystick.explain.change.document import Change
    from tallystick.explain.document import Explanation

Told = Callable[[int], None]
_BATCH = 200
"""So many people's evidence is asked for at once."""
_SECONDS = 0.2
_ENOUGH = 500
"""Fewer people are not worth the second that another process takes to start."""


class Share(Struct, frozen=True):
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
    middles: tuple[tuple[str | None, MiddleHalf | None], ...] = ()
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
    whole = replace(share, middles=tuple(everybody.middles.items()))

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


Person = tuple[str, dict[int, "SubjectLedger"]]
"""A name, and the person's ledger in each part of the run that knows the person, by the part's place."""


def _batches(parts: Sequence[FinishedRun], share: Share) -> Iterator[list[Person]]:
    """Give the people of a share, batch by batch, in the order of code points."""
    ledgers = (_placed(place, part) for place, part in enumerate(parts))
    together = groupby(merge(*ledgers, key=_name), key=_name)
    people = ((name, {place: ledger for ledger, place in each}) for name, each in together)
    number = 0
    while batch := list(islice(people, _BATCH)):
        if number % share.of == share.which:
            yield batch
        number += 1


def _placed(place: int, part: FinishedRun) -> Iterator[tuple[SubjectLedger, int]]:
    return ((ledger, place) for ledger in part.ledgers())


def _name(placed: tuple[SubjectLedger, int]) -> str:
    return placed[0].score.subject


def _write_batches(run: FinishedRun, share: Share) -> Iterator[int]:
    """Write a share batch by batch; give how many people each was."""
    with (
        wording_of(share.language, run) as worded,
        closing(_Earlier(run, share.since)) as earlier,
    ):
        told = with_rulebook(run, worded(run.rulebook))
        tellings = tuple(
            _Telling(part, share, _Changes(own, earlier.part(own.value), share.audience, worded))
            for part, own in zip(told.parts(), run.parts(), strict=True)
        )
        yield from _write_worded(tellings, share)


class _Telling:
    """What tells of the people of one part of a run: of the whole, where the score is by no field."""

    def __init__(self, run: FinishedRun, share: Share, changes: _Changes) -> None:
        """Make ready what is the same for all people."""
        self.run, self.share, self.changes = run, share, changes
        self.middle = dict(share.middles).get(run.value)
        self._explainer, self._reckoner = Explainer(run), Reckoner.of_score(run.rulebook, run.as_of)
        self.showing, self.public = (Showing(run.rulebook, each) for each in (share.audience, Audience.PUBLIC))

    def evidence(self, names: list[str]) -> Mapping[str, tuple[EvidenceRow, ...]]:
        """Return the records behind some people's measures."""
        return dict(self.run.evidence_of_many(names)) if self.share.evidence else {}

    def write(self, name: str, ledger: SubjectLedger, evidence: tuple[EvidenceRow, ...]) -> Explanation:
        """Write somebody's pages, and return what they say."""
        share = self.share
        document = self._explainer.of(ledger, evidence=evidence)
        change = self.changes.of(name)
        for file in person_files(document, self.middle, share.key, change, self._reckoner, showing=self.showing):
            _write(share.folder, file)
        if share.public:
            for file in public_person_files(document, self.middle, self.public):
                _write(share.folder, file)
        return document


def _write_worded(tellings: Sequence[_Telling], share: Share) -> Iterator[int]:
    """Write a share in the language that is spoken."""
    for people in _batches([each.run for each in tellings], share):
        named = [[name for name, ledgers in people if place in ledgers] for place in range(len(tellings))]
        evidence = [telling.evidence(names) for telling, names in zip(tellings, named, strict=True)]
        for name, ledgers in people:
            documents = [
                tellings[place].write(name, ledger, evidence[place].get(name, ())) for place, ledger in ledgers.items()
            ]
            if documents[0].by is not None:
                for file in overview_files(documents, share.key, showing=tellings[0].showing):
                    _write(share.folder, file)
                if share.public:
                    for file in public_overview_files(documents, tellings[0].public):
                        _write(share.folder, file)
        yield len(people)


class _Earlier:
    """An earlier run, from which pages say what changed; nothing where there is none."""

    def __init__(self, run: FinishedRun, since: Path | None) -> None:
        """Open it; one whose score is by another field says nothing of this one's."""
        self._run = None if since is None else open_run(since)
        if self._run is not None and self._run.rulebook.score.by != run.rulebook.score.by:
            self.close()
            message = f"the score of the earlier run `{since}` is by another field, or by none"
            raise UsageRefusal(message, help="leave `--since` out, or name a run whose score is by the same field")

    def part(self, value: str | None) -> FinishedRun | None:
        """Return the earlier run, or its part of a value; None where there is none."""
        if self._run is None or value is None:
            return self._run
        return self._run.part(value) if value in values_of(self._run.rulebook) else None

    def close(self) -> None:
        """Let go of it."""
        if self._run is not None:
            self._run.close()


class _Changes:
    """What changed for one person after another since an earlier run; nothing where there is none."""

    def __init__(self, run: FinishedRun, earlier: FinishedRun | None, audience: Audience, worded: Wording) -> None:
        """Account for the difference between the two runs."""
        self._earlier = earlier
        self._each: Iterator[Change] = iter(())
        if self._earlier is not None:
            from tallystick.engine.change.between import between
            from tallystick.explain.change.account import Accounting
            from tallystick.explain.change.for_audience import ShowingChanges

            accounting = Accounting(between(self._earlier, run), worded)
            self._each = map(ShowingChanges(accounting.rulebooks, audience).of, accounting.each())

    def of(self, name: str) -> Change | None:
        """Return a person's change; people are asked for in the order of code points."""
        if self._earlier is None:
            return None
        # INVARIANT: the account names everybody of both runs, so nobody who is asked for is passed over.
        return next(each for each in self._each if each.people[0].subject == name)


def _write(folder: Path, file: SiteFile) -> None:
    """Write a file."""
    (folder / file.path).write_text(file.text, encoding="utf-8", newline="\n")


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

"""Takes a run; gives its site: a page for each person, pages of the rules, and one for auditors."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from tallystick.cli.commands.input_options import Audience, Language
from tallystick.cli.complaints import Stop, plural
from tallystick.cli.streams import say
from tallystick.cli.worded import refuse_unknown
from tallystick.explain.harmless import harmless
from tallystick.rules import audience as audiences

EXAMPLES = """\b
Examples:
  tally publish run --out site
  tally publish run --out site --key ~/keys/influence.key
  tally publish june --out site --since march
  tally publish run --out site --public
  tally publish run --out seiten --key site.key --language de
"""


def publish(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run folder.")],
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="SITE", help="The folder of the site; an earlier one is replaced.")
    ],
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="FILE", help="The key of the addresses; without it, SITE.key, made if need be."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="RUN", help="An earlier run: pages say what changed since then.")
    ] = None,
    no_evidence: Annotated[
        bool, typer.Option("--no-evidence", help="Leave the records behind each line out of the pages.")
    ] = False,
    public: Annotated[
        bool,
        typer.Option(
            "--public",
            help="Also make pages that anybody may read: one of each person with a score, and lists of names.",
        ),
    ] = False,
    audience: Audience = audiences.Audience.SUBJECT,
    language: Language = None,
) -> None:
    """Write a site with a page for each person."""
    if audience is audiences.Audience.PUBLIC:
        message = "the pages of people are for one reader each, and not for the public"
        raise Stop(message, help="add `--public`: it makes pages for anybody besides, with a start page")
    if since is not None and not Path(since).is_dir():
        message = f"there is no run `{since}` to compare with"
        raise Stop(message, help="leave `--since` out, or name the folder of an earlier run")
    refuse_unknown(language)
    from tallystick.cli.progress import Progress
    from tallystick.cli.publishing import Share, write_site
    from tallystick.cli.site_key import beside, key_of
    from tallystick.engine import open_run
    from tallystick.engine.folder_writing import RECORDS, read_receipt
    from tallystick.engine.staging import Kind, staging
    from tallystick.explain.site.documents import is_site

    opened = open_run(run)
    if since is not None and (day := read_receipt(Path(since)).as_of) > opened.as_of:
        say(f"note: the run after `--since` is of {day}, a later day than {opened.as_of}: are they swapped?")
    kept = opened.rulebook.records is None or any(each.name == RECORDS for each in opened.receipt.files)
    addresses, listed = beside(out, ".addresses.csv"), None
    if addresses.is_dir():
        message = f"`{addresses}` is a folder, and the list of addresses is to be written there"
        raise Stop(message, help="name another site, or take the folder away")
    try:
        with staging(out, Kind("site", is_site)) as made, Progress() as progress:
            secret, where, is_new = key_of(key, out)
            earlier = None if since is None else Path(since)
            share = Share(Path(run), made.folder, secret, kept and not no_evidence, audience, public, earlier, language)
            names, scored = write_site(opened, share, progress)
            listed = _list(addresses, secret, opened.rulebook.name, opened.as_of, names)
        listed.replace(addresses)
    finally:
        if listed is not None:
            listed.unlink(missing_ok=True)
    if not kept and not no_evidence:
        say("note: the run has kept no records, so the pages do not show any")
    if is_new:
        say(f"key made: {harmless(str(where))}; keep it secret, and keep it: another key means other addresses")
    say(f"site written to {harmless(str(out))}: {plural(len(names), 'page')} of people")
    if public:
        say(f"{plural(scored, 'page')} for anybody: {harmless(str(out / 'public' / 'index.html'))}")
    say(f"who has which address: {harmless(str(addresses))}")


def _list(place: Path, key: bytes, rulebook: str, as_of: date, names: Iterable[str]) -> Path:
    """Write the list of addresses into a file beside its place, for nobody but its owner to read."""
    from tallystick.engine.csv_lines import csv_line
    from tallystick.explain.site.addresses import address_of_person, address_of_run
    from tallystick.explain.site.documents import PEOPLE, RUNS

    descriptor, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(csv_line(("for", "subject", "page")))
            file.write(csv_line(("auditors", "", f"{RUNS}/{address_of_run(key, rulebook, as_of)}.html")))
            for each in names:
                file.write(csv_line(("person", each, f"{PEOPLE}/{address_of_person(key, rulebook, each)}.html")))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)

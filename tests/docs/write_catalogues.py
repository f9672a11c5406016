"""Takes every sentence that is said to people; writes each language's catalogue with them, and what is translated.

New sentences stand there without a translation, which the tests refuse; those that nobody says any more are gone.
"""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
LANGUAGES = ROOT / "explain" / "languages"
PLACE = re.compile(r"\{[^{}]*\}")

sys.path.insert(0, str(ROOT / "tests"))

from generators.sentences import Sentence, sentences  # noqa: E402  (found only now)


def said() -> dict[tuple[str | None, str], list[Sentence]]:
    """Return every sentence once, by its context and English, with all places where it is said."""
    found: dict[tuple[str | None, str], list[Sentence]] = {}
    for each in sentences():
        found.setdefault((each.context, each.english), []).append(each)
    return found


def catalogue(path: Path) -> Catalog:
    """Read a catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem, abort_invalid=True)


def made_anew(path: Path) -> str:
    """Return a catalogue's text with the sentences that there are, and the translations that there were."""
    old = catalogue(path)
    head = path.read_text(encoding="utf-8").partition("\n\n")[0]
    entries = [head]
    for (context, english), places in said().items():
        many = next((each.many for each in places if each.many is not None), None)
        key = english if many is None else (english, many)
        before = old.get(english, context)
        kept = before.string if before is not None and before.id == key else ""
        lines = [f"#: {name}" for name in sorted({f"explain/{each.place.partition(':')[0]}" for each in places})]
        if context is not None:
            lines.append(f"msgctxt {_quoted(context)}")
        lines.append(f"msgid {_quoted(english)}")
        if many is None:
            lines.append(f"msgstr {_quoted(str(kept))}")
        else:
            forms = kept if isinstance(kept, tuple | list) else ("",) * old.num_plurals
            lines.append(f"msgid_plural {_quoted(many)}")
            lines += [f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(forms)]
        entries.append("\n".join(lines))
    return "\n\n".join(entries) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def faults(path: Path) -> Iterator[str]:
    """Give what is wrong with a catalogue: a sentence that it lacks, or one that nobody says, or other places."""
    held, wanted = catalogue(path), said()
    there = {(each.context, _english(each)): each for each in held if each.id}
    for key in there:
        if key not in wanted:
            yield f"{path.name}: nobody says {key[1]!r}"
    for key, places in wanted.items():
        message = there.get(key)
        if message is None:
            yield f"{path.name}: {places[0].place} is not translated: {key[1]!r}"
            continue
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if len(forms) != (held.num_plurals if isinstance(message.id, tuple) else 1) or not all(forms):
            yield f"{path.name}: {places[0].place} is not translated whole: {key[1]!r}"
        own = set(PLACE.findall(key[1])) | {place for each in places for place in PLACE.findall(each.many or "")}
        for form in forms:
            other = set(PLACE.findall(form or ""))
            if not _fits(own, other, isinstance(message.id, tuple)):
                yield f"{path.name}: {places[0].place} has other places in its translation: {key[1]!r}"


def _fits(own: set[str], other: set[str], counts: bool) -> bool:  # noqa: FBT001  (told by its name)
    """Say whether a translation has the places of its sentence; a form for one may do without the figure."""
    return own == other or (counts and own - {"{n}"} == other - {"{n}"} and other <= own)


def _english(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else message.id


def main() -> None:
    """Write every catalogue anew; say what is not translated."""
    ArgumentParser(description=__doc__).parse_args()
    for path in sorted(LANGUAGES.glob("*.po")):
        path.write_text(made_anew(path), encoding="utf-8", newline="\n")
        for each in faults(path):
            print(each)  # noqa: T201  (for whoever runs it)


if __name__ == "__main__":
    main()

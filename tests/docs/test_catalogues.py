"""Takes the sentences that are said to people, and the catalogues; checks that nothing is said untranslated."""

from __future__ import annotations

import gettext
from decimal import Decimal

from babel.messages.catalog import Catalog
from docs import write_catalogues
from generators.sentences import sentences

from tallystick.explain.languages.language import languages, plural_categories, plural_index

PATHS = sorted(write_catalogues.LANGUAGES.glob("*.po"))


def test_there_are_sentences_and_a_catalogue() -> None:
    """The checks below have something to look at: hundreds of sentences, and a catalogue for each other language."""
    assert len(sentences()) > 500
    assert [path.stem for path in PATHS] == list(languages()[1:])
    assert "de" in languages()


def test_every_sentence_is_translated() -> None:
    """Each sentence has a translation in each language, with its places and no other; no catalogue has an old one."""
    assert [fault for path in PATHS for fault in write_catalogues.faults(path)] == []


def test_a_catalogue_stands_in_the_order_of_the_code() -> None:
    """What ``tests/docs/write_catalogues.py`` writes is what is there, so that a new sentence changes a line or two."""
    for path in PATHS:
        assert write_catalogues.made_anew(path) == path.read_text(encoding="utf-8")


def test_what_is_wrong_with_a_catalogue_is_found(tmp_path: object) -> None:
    """A sentence without translation, one that nobody says, and another place are each found."""
    text = PATHS[0].read_text(encoding="utf-8")
    broken = (
        text.replace('msgstr "{name}: {value}."', 'msgstr "{name}: {worth}."', 1)
        .replace('msgid "Line by line"', 'msgid "Line for line"', 1)
        .replace('msgstr "etwa {figure}"', 'msgstr ""', 1)
    )
    path = tmp_path / "de.po"  # type: ignore[operator]
    path.write_text(broken, encoding="utf-8")
    found = " ".join(write_catalogues.faults(path))
    assert "nobody says 'Line for line'" in found
    assert "is not translated: 'Line by line'" in found
    assert "has other places in its translation: '{name}: {value}.'" in found
    assert "is not translated whole: 'about {figure}'" in found


def test_plural_forms_are_those_of_the_language() -> None:
    """A catalogue has its forms in the order in which they are chosen: one before other, for any number."""
    for path in PATHS:
        held: Catalog = write_catalogues.catalogue(path)
        assert held.num_plurals == len(plural_categories(path.stem))
        told, chosen = gettext.c2py(held.plural_expr), plural_index(path.stem)
        assert [told(n) for n in range(120)] == [chosen(Decimal(n)) for n in range(120)]

"""Takes translation files, right and wrong; asks what is made of them, and where each mistake is."""

from __future__ import annotations

from pathlib import Path

import pytest
from generators.accepted import accepted

from tallystick.rules.limits import FILE_BYTES
from tallystick.rules.load import load
from tallystick.rules.read_translation import read_translation, translation_files, translations_beside
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.translation import Translation, names_of, texts_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "community" / "community.tally"
EVERYTHING = Path(__file__).parent / "everything.tally"
WRONG = """\
of = "en"

[names]
kind = "Art"
nobody = "niemand"

[rule.amplification]
title = ["a", "list"]
becuase = "Weil."

[rule.tenure.row]
"4 or more" = "viele"
"""


@pytest.fixture(scope="module")
def community() -> Rulebook:
    """Give the community example."""
    return load(EXAMPLE)


def made(text: str, rulebook: Rulebook) -> tuple[Translation | None, list[tuple[str, int, int, str]]]:
    """Read a translation; return it, and each mistake's name, line, column and words."""
    found, told = read_translation("x.de.toml", text.encode(), "de", rulebook)
    places = [each.source.place(each.primary.span.start) for each in told]
    return found, [
        (each.name, place.line, place.column, each.message) for each, place in zip(told, places, strict=True)
    ]


def test_the_example_is_translated_whole(community: Rulebook) -> None:
    """The example's German file has every text of the rulebook and every name that is read out, and no mistake."""
    (translation,), told = translations_beside(EXAMPLE, community)
    assert told == ()
    assert set(translation.texts) == set(texts_of(community))
    assert set(translation.names) == set(names_of(community))
    assert (translation.language, translation.of) == ("de", "en")


def test_every_mistake_is_found_where_it_is(community: Rulebook) -> None:
    """All of a file's mistakes are told in one go, each at the key that is wrong."""
    translation, told = made(WRONG, community)
    assert translation is None
    assert told == [
        ("translation-unknown", 5, 1, "the rulebook has no text at `names.nobody`"),
        ("translation-form", 8, 1, "`rule.amplification.title` is no text"),
        ("translation-unknown", 9, 1, "the rulebook has no text at `rule.amplification.becuase`"),
        ("translation-unknown", 12, 1, 'the rulebook has no text at `rule.tenure.row."4 or more"`'),
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[rule\ntitle = "x"\n', 1, "this is not TOML"),
        ('[score]\ntitle = "x"\ntitle = "y"\n', 3, "this is not TOML"),
        ("of = 5\n", 1, "`of` names the rulebook's own language"),
        ('[score]\ntitle = "  "\n', 2, "the translation of `score.title` is empty"),
    ],
    ids=["no table", "twice", "no tag", "empty"],
)
def test_what_is_no_translation_is_refused(text: str, line: int, words: str, community: Rulebook) -> None:
    """A file that is no TOML, or has something else in the place of a text, is refused, with the line."""
    translation, told = made(text, community)
    assert translation is None
    assert [(name, at) for name, at, _, _ in told] == [("translation-form", line)]
    assert words in told[0][3]


def test_no_file_costs_more_than_it_may(community: Rulebook) -> None:
    """A file that is too large, no UTF-8, or nested without end is refused in one diagnostic."""
    for content in (b"#" * (FILE_BYTES + 1), b'[score]\ntitle = "\xfc"\n', b"a = " + b"[" * 50_000):
        translation, told = read_translation("x.de.toml", content, "de", community)
        assert translation is None
        assert [each.name for each in told] == ["translation-form"]


def test_figures_in_a_sentence_are_those_of_the_rulebook() -> None:
    """A translated ``say`` with another figure, or without one, is an error: no reader is told less than another."""
    rules = EVERYTHING.read_text(encoding="utf-8")
    rulebook = accepted(rules)
    address, own = next((address, text) for address, text in texts_of(rulebook).items() if address[-1] == "say")
    assert "{" in own
    table = ".".join(address[:-1])
    assert made(f"[{table}]\nsay = '''{own}'''\n", rulebook)[0] is not None
    for other in ("nothing", own + " {other}"):
        translation, told = made(f"[{table}]\nsay = '''{other}'''\n", rulebook)
        assert translation is None
        assert [name for name, _, _, _ in told] == ["translation-placeholder"]


def test_only_translations_beside_a_rulebook_are_taken_for_some(tmp_path: Path) -> None:
    """``x.de.toml`` belongs to ``x.tally``; a mapping, another rulebook's file or a folder's name does not."""
    for name in ("x.tally", "x.de.toml", "x.pt-BR.toml", "x.map.toml", "y.de.toml", "x.toml", "xx.de.toml"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert {tag: path.name for tag, path in translation_files(tmp_path / "x.tally").items()} == {
        "de": "x.de.toml",
        "pt-BR": "x.pt-BR.toml",
    }
    assert translation_files(tmp_path / "nowhere" / "x.tally") == {}


def test_a_rulebook_in_the_language_itself_lacks_nothing(community: Rulebook) -> None:
    """A file that says that the rulebook is written in that language needs to translate nothing."""
    translation, told = made('of = "de"\n', community)
    assert translation is not None
    assert told == []

"""Takes translation files, right and wrong; asks what is made of them, and where each mistake is."""

from __future__ import annotations

import os
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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_nothing_but_a_file_of_the_folder_is_read_as_a_translation(tmp_path: Path, community: Rulebook) -> None:
    """No link is followed and no pipe waited for, and nothing of what a link leads to is shown."""
    secret = tmp_path / "secret"
    secret.write_text("password 123")
    (tmp_path / "x.de.toml").symlink_to(secret)
    os.mkfifo(tmp_path / "x.fr.toml")
    (tmp_path / "x.nl.toml").mkdir()
    found, told = translations_beside(tmp_path / "x.tally", community)
    assert found == ()
    assert [each.message.removeprefix(f"`{tmp_path}/") for each in told] == [
        "x.de.toml` is a link, and links are not followed",
        "x.fr.toml` is no file",
        "x.nl.toml` is no file",
    ]
    assert "password" not in "".join(each.source.text for each in told)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a." * 50_000 + 'a = "x"', "a key of more than 20 parts"),
        ("\n[" + "a . " * 50_000 + "a]", "a key of more than 20 parts"),
        ("x = {" + "''." * 30 + "'' = 1}", "a key of more than 20 parts"),
        ("a = " + "{a.a.a.a.a.a.a.a = " * 150 + '"x"' + "}" * 150, "nested too deeply"),
        ("a = " + "[" * 5_000 + "]" * 5_000, "nested too deeply"),
        ("a = " + "[" * 100 + "]" * 100, "nested too deeply"),
        ("a = " + "9" * 100_000, "a number of too many digits"),
    ],
)
def test_no_translation_takes_unbounded_time_or_memory(text: str, message: str, community: Rulebook) -> None:
    """What would cost more for each part of a key than for all before it is refused before it is read."""
    found, ((name, *_, said),) = made(text, community)
    assert found is None
    assert (name, said) == ("translation-form", f"this is not TOML: {message}")


def test_what_nests_as_deeply_as_it_may_is_read(community: Rulebook) -> None:
    """It is told of where it stands, as what it is."""
    found, ((name, _, _, said),) = made("a = " + "[" * 99 + "]" * 99, community)
    assert found is None
    assert (name, said) == ("translation-form", "`a` is no text")


def test_dots_in_a_text_are_no_key(community: Rulebook) -> None:
    """However many there are in a row, or between words."""
    dots = "a. b. c.d. " * 40 + "." * 200
    for quote in ('"', "'", '"""', "'''"):
        text = f"# {dots}\n[rule.amplification] # it's {dots}\nbecause = {quote}{dots}{quote}"
        found, told = made(text, community)
        assert found is not None
        assert found.texts["rule", "amplification", "because"] == dots
        assert [name for name, *_ in told] == ["translation-missing"]


def test_a_file_with_nothing_right_in_it_is_not_told_line_by_line(community: Rulebook) -> None:
    """As with a rulebook, the rest of many mistakes is not told."""
    found, told = made("".join(f'a{number} = "x"\n' for number in range(30_000)), community)
    assert found is None
    assert [name for name, *_ in told] == ["translation-unknown"] * 200 + ["mistakes-too-many"]

"""Takes the words of an invocation; gives them as typer wants them: ``--records`` before each of its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

SPREAD = frozenset({"--records", "--records-before", "--records-after"})
"""The options that take every word up to the next option."""
OPTIONAL = {"--like": "list"}
"""The options whose value may be left out, and what is meant then."""
RULEBOOK_ENDING = ".tally"
HELP = frozenset({"--help", "-h"})
"""The options that every command has."""


class Shape(Struct, frozen=True):
    """What has to be known of a command: which options are followed by a value, how many plain words it needs, how many
    it takes at most (None: any number), and which options have no value."""

    with_value: frozenset[str]
    needed: int
    most: int | None = None
    flags: frozenset[str] = HELP


class Extra(Struct, frozen=True):
    """A plain word more than the command takes, and the option behind which it may belong."""

    word: str
    behind: str | None


class Words(Struct, frozen=True):
    """The words for typer, whether ``--debug`` was among them, and the first that is too many; none where help is
    wanted."""

    words: tuple[str, ...]
    debug: bool
    extra: Extra | None = None


def rewrite(words: Sequence[str], shapes: Mapping[str, Shape]) -> Words:
    """Rewrite the words that follow the program's name. ``shapes``: by the command's name, ``audit fairness`` of one
    inside a group.

    ``--records a b`` becomes ``--records a --records b``. Where the command then lacks a plain word that it needs, the
    last of those that ends in ``.tally`` is it, else the last one: ``--records a b rules.tally`` reads as it is meant.
    """
    before: list[str] = []
    named = ""
    debug = False
    for index, word in enumerate(words):
        if word == "--debug":
            debug = True
        elif word.startswith("-"):
            before.append(word)
        else:
            named = f"{named} {word}".lstrip()
            shape = shapes.get(named)
            if shape is None and any(name.startswith(f"{named} ") for name in shapes):
                before.append(word)
                continue
            if shape is None:
                return Words((*before, *words[index:]), debug)
            after = _Reader(shape).read(words[index + 1 :])
            return Words((*before, word, *after.words), debug or after.debug, after.extra)
    return Words(tuple(before), debug)


class _Reader:
    """Walks along the words after the command's name, once."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.out: list[tuple[str, ...]] = []
        self.spread: list[int] = []  # where in ``out`` the values stand that ``--records`` took beyond its first
        self.plain: list[str] = []
        self.unknown = False  # whether an option is none of the command's: the word behind it may be its value
        self.debug = False

    def read(self, words: Sequence[str]) -> Words:
        index = 0
        while index < len(words):
            word = words[index]
            index += 1
            if word == "--":
                rest = tuple(words[index:])
                self.plain += rest
                return self.finished(("--", *rest))
            if word == "--debug":
                self.debug = True
            elif word in SPREAD & self.shape.with_value:
                index = self.take_all(word, words, index)
            elif word in OPTIONAL and word in self.shape.with_value and _nothing_follows(words, index):
                self.out.append((word, OPTIONAL[word]))
            elif word in self.shape.with_value:
                self.out.append(tuple(words[index - 1 : index + 1]))
                index += 1
            else:
                if word == "-" or not word.startswith("-"):
                    self.plain.append(word)
                elif word.partition("=")[0] not in self.shape.with_value | self.shape.flags:
                    self.unknown = True
                self.out.append((word,))
        return self.finished(())

    def take_all(self, option: str, words: Sequence[str], index: int) -> int:
        """Take every word up to the next option as a value of ``--records``; return where that option stands."""
        if index == len(words):
            self.out.append((option,))
        first = index
        while index < len(words) and (index == first or words[index] == "-" or not words[index].startswith("-")):
            if index > first:
                self.spread.append(len(self.out))
            self.out.append((option, words[index]))
            index += 1
        return index

    def finished(self, rest: tuple[str, ...]) -> Words:
        if len(self.plain) < self.shape.needed and self.spread:
            rulebooks = [at for at in self.spread if self.out[at][1].endswith(RULEBOOK_ENDING)]
            at = (rulebooks or self.spread)[-1]
            self.out[at] = self.out[at][1:]
        words = (*(word for words in self.out for word in words), *rest)
        return Words(words, self.debug, None if self.unknown or HELP & set(words) else self.extra())

    def extra(self) -> Extra | None:
        """Return the first plain word that is too many."""
        if self.shape.most is None or len(self.plain) <= self.shape.most:
            return None
        word = self.plain[self.shape.most]
        likely = ("--records", "--out") if "." in word or "/" in word else ("--subject", "--out")
        # Of a command that can do without any word, `--subject` names a column, and no person.
        option = next((each for each in likely if each in self.shape.with_value and self.shape.needed), None)
        return Extra(word, option)


def _nothing_follows(words: Sequence[str], index: int) -> bool:
    """Whether an option stands at the end, or before another option."""
    return index == len(words) or words[index].startswith("-")

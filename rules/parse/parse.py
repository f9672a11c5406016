"""Takes a source; gives its syntax tree and every syntax mistake in it, found in one go.

A line that does not parse is told of and taken out; what stands around it is read on. A declaration that is nothing
without such a line is left out of the tree. Either way its name is kept in ``SyntaxFile.broken``, so that nobody calls
it unknown; those that are in the tree in part are named in ``SyntaxFile.incomplete``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from msgspec.structs import replace

from tallystick.rules import limits
from tallystick.rules.diagnostics import Diagnostic, in_order
from tallystick.rules.parse import mistake, table
from tallystick.rules.parse.layout import Line, lay_out
from tallystick.rules.parse.line_slips import declaration_meant
from tallystick.rules.parse.machine import Machine, Mark
from tallystick.rules.parse.tokens import OR_ELSE, Fault, Token, TokenKind, scan
from tallystick.rules.parse.tree import WholeFile
from tallystick.rules.parse.words import FUNCTIONS, LINE_WORDS, RESERVED, is_keyword
from tallystick.rules.source import Source, Span
from tallystick.rules.spelling import near
from tallystick.rules.syntax import Head, SyntaxFile, Text, Word
from tallystick.rules.syntax_errors import file as file_errors
from tallystick.rules.syntax_errors import tokens as token_errors

NEWLINE: Final = "_NL"
INDENT: Final = "_INDENT"
DEDENT: Final = "_DEDENT"
NAME: Final = "NAME"

_TERMINALS: Final = {
    TokenKind.TEXT: "QUOTED",
    TokenKind.NUMBER: "DECIMAL",
    TokenKind.DATE: "ISO_DATE",
    TokenKind.MOMENT: "ISO_MOMENT",
    TokenKind.VERSION: "SEMVER",
    TokenKind.CELL: "CELL",
}
_NEVER_NAMES: Final = RESERVED | {OR_ELSE, "others'"}

_KEPT: Final = frozenset(["rulebook", "records", "subjects", "facet", "bands"])
"""Declarations that stay in the tree without those of their lines that do not parse."""

_KEPT_IN_PART: Final = frozenset(["parameter", "require", "exclude", "discount", "measure", "rule", "score"])
"""Declarations that stay in the tree for what is left of them, which is checked as far as it goes."""

_STAND_INS: Final = {
    "rulebook": 'rulebook "" version 0.0.0',
    "records": "records",
    "subjects": "subjects",
    "parameter": 'parameter x = 0 ""',
    "require": 'require x ""',
    "exclude": 'exclude x ""',
    "discount": 'discount x ""',
    "measure": 'measure x ""',
    "facet": 'facet x ""',
    "rule": 'rule x ""',
    "score": 'score ""',
    "bands": "bands",
    "promise": 'promise ""',
    "example": 'example ""',
    "points": "points by x",
    "sum": "sum by kind",
}
"""What is read in place of a line that does not parse, so that the lines under it can be read all the same."""

_FIRST_LINES: Final = {"measure": "count x", "example": "as of 2000-01-01"}
"""What is read in place of a block's first line that does not parse, so that those after it can be."""


def parse(source: Source, known: frozenset[str] = frozenset()) -> tuple[SyntaxFile | None, tuple[Diagnostic, ...]]:
    """Read a rulebook: its tree as far as it parses, and all syntax mistakes.

    ``known``: names that other files declare, which are no misspelt words. Where the first line cannot be read, a head
    without a name stands in for it, so that the rest can be checked; there is no tree where there is no declaration
    either.
    """
    if len(source.text) > limits.FILE_BYTES:
        return None, (file_errors.file_too_large(source),)
    return _Reader(source, known).read()


def source_from_bytes(name: str, data: bytes) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """Decode a rulebook's bytes; a byte order mark is no part of the text."""
    if len(data) > limits.FILE_BYTES:
        return None, (file_errors.file_too_large(Source(name, "")),)
    try:
        return Source(name, data.decode("utf-8-sig")), ()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", errors="replace")
        return None, (file_errors.not_utf8(Source(name, before), len(before)),)


class _Reader:
    """One reading of one source."""

    def __init__(self, source: Source, known: frozenset[str]) -> None:
        """Stand before the first line."""
        self.source = source
        self.machine = Machine(table.load())
        self.words = self.machine.table.words
        self.diagnostics: list[Diagnostic] = []
        self.broken: list[Word] = []
        self.damaged = False
        self.reserved: set[str] = set()
        self.incomplete: set[Span] = set()
        self.made_up: set[Span] = set()
        self.declared = known

    def read(self) -> tuple[SyntaxFile | None, tuple[Diagnostic, ...]]:
        """Read the whole file."""
        layout = lay_out(self.source)
        for finding in layout.findings:
            self._tell(token_errors.of_finding(self.source, finding, self.words))
            written = self.source.text[finding.span.start : finding.span.end]
            if finding.fault is Fault.NAME and (meant := token_errors.plain_name(written)) is not None:
                self.broken.append(Word(meant, finding.span))
        lines = self._up_to_limit(layout.lines)
        self.declared |= {name for line in lines for name in _names(line)}
        first = lines[0] if lines else None
        headless = first is None or not _means_head(first)
        if first is None or headless:
            self._tell(file_errors.head_missing(self.source, Span(0, 0) if first is None else first.span))
            self._feed_words(_STAND_INS["rulebook"])
        else:
            headless = not self._line(first, None, told=False)
            if headless:
                self.damaged = False
                self._stand_in(first)
            lines = lines[1:]
        self._block(lines, None)
        whole = self.machine.finish()
        diagnostics = in_order(tuple(self.diagnostics))
        if not isinstance(whole, WholeFile) or (headless and not whole.declarations):
            return None, diagnostics
        head = _nameless(whole.head, Span(0, 0) if first is None else first.span) if headless else whole.head
        broken = tuple(dict.fromkeys(self.broken))
        return SyntaxFile(
            head, whole.declarations, layout.comments, self.source, broken, self.damaged, frozenset(self.incomplete)
        ), diagnostics

    def _stand_in(self, first: Line) -> None:
        """Read a head in place of one whose first line does not parse, with those of its lines that do."""
        mark = self.machine.mark()
        words = _STAND_INS["rulebook"]
        if first.children and self._feed_words(words, block=True):
            # What these lines do wrong was told when the first line was read; told twice, it is one mistake.
            self._block(first.children, replace(first, tokens=scan(words, 0, len(words)).tokens))
            if self.machine.feed(DEDENT):
                return
        self.machine.reset(mark)
        self._feed_words(words)

    def _up_to_limit(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """Return the declarations that a file may have."""
        count = 0
        for index, line in enumerate(lines):
            for one in (line, *(child for child in line.children if child.first == "rule")):
                count += 1
                if count > limits.DECLARATIONS:
                    self._tell(file_errors.declarations_too_many(self.source, one.span))
                    self.broken += [name for left in lines[index:] for name in _declared(left, None)]
                    self.damaged = True
                    return lines[:index]
        return lines

    # ---- lines and what stands under them

    def _block(self, lines: Sequence[Line], owner: Line | None) -> bool:
        """Read lines that stand under one other; say whether all of them are in the tree."""
        whole = True
        for index, line in enumerate(lines):
            if index == limits.GRID_ROWS and line.is_grid_row:
                self._tell(file_errors.rows_too_many(self.source, line.span))
                return False
            if not self._line(line, owner, told=not whole):
                whole = False
                if index == 0 and owner is not None and owner.first in _FIRST_LINES:
                    self._feed_words(_FIRST_LINES[owner.first])
                    self.made_up.add(owner.span)
        return whole

    def _line(self, line: Line, owner: Line | None, *, told: bool) -> bool:
        """Read a line and those under it; say whether all is in the tree. ``told``: its block has a mistake already."""
        mark = self.machine.mark()
        if not line.sound or not self._tokens(line, owner, mark, told=told):
            self.machine.reset(mark)
            opener = _meant(line.first)
            if line.children and opener is not None and self._feed_words(_STAND_INS[opener], block=True):
                self._block(line.children, line)
            return self._lose(line, owner, mark)
        if not line.children:
            if set(self.machine.row) != {INDENT}:
                return True
            under = self._choices_under()
            self._tell(file_errors.block_empty(self.source, line.span, line.first, under))
            return self._lose(line, owner, mark)
        if not self.machine.feed(INDENT):
            self._tell(file_errors.block_unexpected(self.source, line.children[0].span, line.first))
            return False
        whole = self._block(line.children, line)
        expected = self.machine.expected()
        if not self.machine.feed(DEDENT):
            if whole:
                lacking = mistake.choices(expected, self.words, first=True)
                self._tell(file_errors.block_unfinished(self.source, line.span, line.first, lacking))
            self.machine.reset(mark)
            # Where all lines under it are lost, the head of a file can do without.
            if line.first == "rulebook" and self._tokens(line, owner, mark, told=True):
                return True
            return self._lose(line, owner, mark)
        if whole or (line.first in _KEPT and (owner is None)):
            return True
        placed = owner is None or (owner.first == "facet" and line.first == "rule")
        if placed and line.first in _KEPT_IN_PART and line.span not in self.made_up:
            self.incomplete.add(line.tokens[1].span)
            self.broken += [Word(token.text, token.span) for token in line.tokens[:2] if token.kind is TokenKind.WORD]
            self.damaged = True
            return True
        return self._lose(line, owner, mark)

    def _choices_under(self) -> tuple[str, ...]:
        """Say what can stand under the line just read."""
        mark = self.machine.mark()
        self.machine.feed(INDENT)
        under = mistake.choices(self.machine.expected(), self.words, first=True)
        self.machine.reset(mark)
        return under

    def _tokens(self, line: Line, owner: Line | None, mark: Mark, *, told: bool) -> bool:
        """Read the tokens of a line and its end, or tell what is wrong with one of them."""
        tokens = line.tokens
        self.machine.deepest = 0
        opened = 0
        fed: list[tuple[str, Token]] = []
        for index, token in enumerate(tokens):
            terminal = self._terminal(token, tokens[index + 1 : index + 4], has_block=bool(line.children))
            if terminal is None or not self.machine.feed(terminal, token, token.span):
                return self._refuse(line, owner, mark, fed, told=told)
            opened += {"LPAR": 1, "RPAR": -1}.get(terminal, 0)
            if max(self.machine.deepest, opened) > limits.DEPTH:
                return self._tell(file_errors.expression_too_deep(self.source, token.span))
            fed.append((terminal, token))
        if not self.machine.feed(NEWLINE):
            return self._refuse(line, owner, mark, fed, told=told)
        if self.machine.deepest > limits.DEPTH:
            return self._tell(file_errors.expression_too_deep(self.source, tokens[-1].span))
        return True

    def _refuse(
        self, line: Line, owner: Line | None, mark: Mark, fed: list[tuple[str, Token]], *, told: bool
    ) -> Literal[False]:
        """Tell of the first token of a line that cannot stand where it does."""
        # Reductions may have gone ahead of the mistake: read the line again up to it, to know all that was possible.
        self.machine.reset(mark)
        before = expected = self.machine.expected()
        for terminal, token in fed:
            before = self.machine.expected() if (terminal, token) == fed[-1] and terminal == NAME else frozenset()
            self.machine.feed(terminal, token, token.span)
        if fed:
            expected = self.machine.expected()
            found = mistake.within(self.source, line.tokens, len(fed), (before, expected), self.words, self.declared)
            near_it = {token.text for token in line.tokens[len(fed) - 1 : len(fed) + 1]}
            # Whoever declares a reserved word also uses it: the name is one mistake, told once.
            if owner is None or line.first == "rule" or not near_it & self.reserved:
                self._tell(found)
            if found.name == "name-reserved":
                self.reserved |= near_it & RESERVED
        elif not (told and line.first in LINE_WORDS):
            block = None if owner is None else owner.first
            self._tell(mistake.at_first(self.source, line.tokens, block, expected, self.words))
        return False

    def _terminal(self, token: Token, after: tuple[Token, ...], *, has_block: bool) -> str | None:
        """Say which token of the grammar this is, here."""
        if token.kind is TokenKind.SYMBOL:
            return self.words.get(token.text)
        if token.kind is not TokenKind.WORD:
            return _TERMINALS[token.kind]
        row = self.machine.row
        if token.text in FUNCTIONS and after and after[0].text == "(" and "FUNCTION" in row:
            return "FUNCTION"
        keyword = self.words.get(token.text)
        keyword = keyword if keyword in row else None
        name = NAME if NAME in row and token.text not in _NEVER_NAMES else None
        if keyword is None or name is None:
            return keyword or name
        if not self.machine.accepts(keyword):
            return name
        return keyword if is_keyword(token.text, after, has_block=has_block) or not self.machine.accepts(name) else name

    # ---- what did not parse

    def _tell(self, diagnostic: Diagnostic) -> Literal[False]:
        """Keep a mistake, up to the limit."""
        if len(self.diagnostics) < limits.MISTAKES:
            self.diagnostics.append(diagnostic)
        elif len(self.diagnostics) == limits.MISTAKES:
            self.diagnostics.append(file_errors.mistakes_too_many(self.source, diagnostic.primary.span))
        return False

    def _lose(self, line: Line, owner: Line | None, mark: Mark) -> Literal[False]:
        """Take a line out of the tree again, and keep the names it may have declared."""
        self.machine.reset(mark)
        self.broken += _declared(line, owner)
        self.damaged |= (line if owner is None else owner).first != "rulebook"
        return False

    def _feed_words(self, text: str, *, block: bool = False) -> bool:
        """Read words that nobody wrote, in place of some that do not parse."""
        mark = self.machine.mark()
        tokens = scan(text, 0, len(text)).tokens
        for index, token in enumerate(tokens):
            terminal = self._terminal(token, tokens[index + 1 :], has_block=block)
            if terminal is None or not self.machine.feed(terminal, token):
                self.machine.reset(mark)
                return False
        if self.machine.feed(NEWLINE) and (not block or self.machine.feed(INDENT)):
            return True
        self.machine.reset(mark)
        return False


def _nameless(head: Head, span: Span) -> Head:
    """Place a head that nobody wrote where the file's first line stands."""
    return replace(head, name=Text("", span), version=Word("0.0.0", span), span=span)


def _names(line: Line) -> list[str]:
    """Return the names that values can be read by, of those that a declaration has."""
    if line.first in ("records", "subjects"):
        return [child.first for child in line.children]
    named = line.first in ("parameter", "measure", "rule", "facet")
    return [token.text for token in line.tokens[1:2] if named and token.kind is TokenKind.WORD]


def _means_head(line: Line) -> bool:
    """Say whether a line is the head of the file, or means to be; of one that cannot be read nobody knows."""
    return line.first == "rulebook" or not line.tokens or near(line.first, ["rulebook"]) is not None


def _meant(word: str) -> str | None:
    """Return the word that a line with others under it was meant to begin with."""
    return word if word in _STAND_INS else near(word, _STAND_INS) or declaration_meant(word)


def _declared(line: Line, owner: Line | None) -> list[Word]:
    """Return the words of a line, and of those under it, that may be names it declares."""
    lines = [(line, owner)]
    words: list[Word] = []
    while lines:
        one, above = lines.pop()
        names = [token for token in one.tokens if token.kind is TokenKind.WORD]
        within = None if above is None else _meant(above.first)
        if above is None or one.first == "rule":
            names = names[:2]
            if above is None and (meant := declaration_meant(one.first)) is not None:
                words.append(Word(meant, one.span))
        elif within in ("rulebook", "facet") or (one is line and within in _KEPT_IN_PART):
            names = names[:1]
        elif within not in ("records", "subjects", "bands"):
            names = []
        words += [Word(name.text, name.span) for name in names]
        lines += [(child, one) for child in one.children]
    return words

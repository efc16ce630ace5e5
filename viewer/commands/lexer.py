"""Shell text to drafts of steps: a lexer for what agents write, not a shell.

It knows quotes, heredocs, substitutions, redirects, pipes, lists, subshells, comments and line continuations. It reads
every character about once, whatever the text; what it does not know it keeps as words.
"""

from __future__ import annotations

import re

LONGEST = 400_000
"""Characters read of one command; the rest is not read."""

DEEPEST = 8
"""Nested substitutions and nested shells that are followed."""


class Draft:
    """A step under construction; the fields are those of `Step`, the words as they were written."""

    __slots__ = ("heredoc", "operator", "outputs", "words")

    def __init__(self, operator: str) -> None:
        self.words: list[str] = []
        self.operator = operator
        self.heredoc: str | None = None
        self.outputs: list[str] = []


_TOKEN = re.compile(
    r"""(?P<plain>[^\s'"\\$`|&;()<>\#]+)
    |(?P<space>(?:[ \t\r\f\v]|\\\r?\n)+)
    |(?P<newline>\n)
    |(?P<single>'[^']*'?)
    |(?P<ansi>\$'(?:[^'\\]|\\.)*'?)
    |(?P<simple>"[^"\\$`]*")
    |(?P<double>")
    |(?P<opening>\$\(|`|[<>]\()
    |(?P<heredoc><<-?[ \t]*(?:'[^'\n]*'|"[^"\n]*"|\\?[\w.+-]+))
    |(?P<merge>[<>]&(?:\d+|-))
    |(?P<redirect>&>>?|>>|>\||>&|<<<|<>|<&|[<>])
    |(?P<operator>&&|\|\||\|&|;;|[|;&()])
    |(?P<escape>\\.)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_RUN = re.compile(r"""(?:(?:[^\s'"\\$`|&;()<>#]++|'[^']*'|"[^"\\$`]*")[ \t]+)+""")
"""Whole words with spaces after them: most of a command, taken in one piece."""
_RUN_WORD = re.compile(r"[^\s'\"]+|'[^']*'|\"[^\"]*\"")
_IN_DOUBLE = re.compile(r'[^"\\$`]+|\\.|\$\(|`|"|.', re.DOTALL)
_IN_CLOSING = re.compile(
    r"""[^'"\\`()<\#\n$]+|\\.|'[^']*'?|"|`|\(|\)|<<-?[ \t]*(?:'[^'\n]*'|"[^"\n]*"|\\?[A-Za-z_][\w.+-]*)|\n"""
    r"""|(?<=\s)\#[^\n]*|.""",
    re.DOTALL,
)
_OPERATORS = {"|&": "|", ";;": ";", "(": ";", ")": ";"}


def read_drafts(text: str, depth: int) -> list[Draft]:
    """The simple commands of a text in order; `depth` says in how many others the text was found."""
    reader = _Reader(text[:LONGEST], depth)
    reader.read()
    return reader.drafts


class _Reader:
    """Reads one text from start to end."""

    def __init__(self, text: str, depth: int) -> None:
        self.text = text
        self.depth = depth
        self.pos = 0
        self.drafts: list[Draft] = []
        self.draft = Draft("")
        self.word: list[str] = []
        self.in_word = False
        self.target: str | None = None
        self.pending: list[tuple[Draft, str]] = []

    def read(self) -> None:
        """The whole text into drafts."""
        text, end, match, run_at = self.text, len(self.text), _TOKEN.match, _RUN.match
        while self.pos < end:
            if not self.in_word and self.target is None and (run := run_at(text, self.pos)) is not None:
                words = _RUN_WORD.findall(run.group())
                self.draft.words += [word[1:-1] if word[0] in "'\"" else word for word in words]
                self.pos = run.end()
            found = match(text, self.pos)
            if found is None:  # the end
                break
            kind, piece = found.lastgroup, found.group()
            self.pos = found.end()
            if kind == "plain":
                self._add(piece)
            elif kind == "space":
                self._end_word()
            else:
                self._special(kind or "other", piece)
        self._end_word()
        self._end_step(";")

    def _special(self, kind: str, piece: str) -> None:
        if kind == "operator":
            self._end_word()
            self._end_step(_OPERATORS.get(piece, piece))
        elif kind == "newline":
            self._end_word()
            self._end_step(";")
            if self.pending:
                self._bodies()
        elif kind == "simple":
            self._add(piece[1:-1])
        elif kind == "single":
            self._add(piece[1:-1] if len(piece) > 1 and piece.endswith("'") else piece[1:])
        elif kind == "double":
            self._double()
        elif kind == "opening":
            start = self.pos - len(piece)
            self.pos = _closing(self.text, self.pos, piece[-1], self.depth)
            self._add(self.text[start : self.pos])
        elif kind in ("redirect", "merge", "heredoc"):
            self._redirect(kind, piece)
        elif kind == "ansi":
            self._add(piece[2:].removesuffix("'"))
        elif kind == "escape":
            self._add(piece[1:])
        elif piece == "#" and not self.in_word:
            end = self.text.find("\n", self.pos)
            self.pos = len(self.text) if end < 0 else end
        else:
            self._add(piece)

    def _add(self, part: str) -> None:
        self.word.append(part)
        self.in_word = True

    def _end_word(self) -> None:
        if not self.in_word:
            return
        word = self.word[0] if len(self.word) == 1 else "".join(self.word)
        self.word, self.in_word = [], False
        target, self.target = self.target, None
        if target is None:
            self.draft.words.append(word)
        elif target == "<<<":
            self.draft.heredoc = word
        elif target != "<" and not word.startswith("/dev/") and word:
            self.draft.outputs.append(word)

    def _redirect(self, kind: str, piece: str) -> None:
        if self.in_word and len(self.word) == 1 and self.word[0].isdigit():
            self.word, self.in_word = [], False  # the number of a file descriptor
        self._end_word()
        if kind == "redirect":
            self.target = piece if piece == "<<<" else "<" if piece.startswith("<") else ">"
        elif kind == "heredoc":
            self.pending.append((self.draft, piece.lstrip("<-").strip().strip("'\"\\")))

    def _end_step(self, operator: str) -> None:
        self.target = None
        draft = self.draft
        if draft.words or draft.outputs or (self.pending and any(held is draft for held, _ in self.pending)):
            self.drafts.append(draft)
            self.draft = Draft(operator)
        elif operator != ";" or not self.drafts:  # `( … ) | head`: what stands nearest to the next step counts
            draft.operator = operator if self.drafts else ""

    def _double(self) -> None:
        parts, self.pos = _double_quoted(self.text, self.pos, self.depth)
        self._add(parts)

    def _bodies(self) -> None:
        """The bodies of the heredocs that the line before named."""
        for draft, mark in self.pending:
            start = self.pos
            end, self.pos = _body(self.text, start, mark)
            body = self.text[start:end]
            draft.heredoc = body if draft.heredoc is None else draft.heredoc + body
        self.pending = []


def _body(text: str, start: int, mark: str) -> tuple[int, int]:
    """Where the body of a heredoc that starts here ends, and where its closing line ends."""
    at = start
    while 0 <= at < len(text):
        end = text.find("\n", at)
        line = text[at:] if end < 0 else text[at:end]
        if len(line) < len(mark) + 64 and line.strip() == mark:
            return at, len(text) if end < 0 else end + 1
        at = -1 if end < 0 else end + 1
    return len(text), len(text)


def _double_quoted(text: str, pos: int, depth: int) -> tuple[str, int]:
    """What a double-quoted string says, from after its quote, and where it ends. Substitutions stay as they stand."""
    parts: list[str] = []
    while (found := _IN_DOUBLE.match(text, pos)) is not None:
        piece, pos = found.group(), found.end()
        if piece == '"':
            break
        if piece in ("$(", "`"):
            start = pos - len(piece)
            pos = _closing(text, pos, piece[-1], depth)
            piece = text[start:pos]
        elif piece[0] == "\\" and len(piece) > 1:
            piece = piece[1] if piece[1] in '"\\$`' else "" if piece[1] == "\n" else piece
        parts.append(piece)
    return "".join(parts), pos


def _closing(text: str, pos: int, opening: str, depth: int) -> int:
    """Where a substitution ends whose opening stands before `pos`; the end of the text where it never does."""
    if opening == "`":
        end = re.compile(r"(?:[^`\\]|\\.)*`?", re.DOTALL).match(text, pos)
        return len(text) if end is None else end.end()
    if depth > DEEPEST:
        return len(text)
    level, marks = 1, []
    while (found := _IN_CLOSING.match(text, pos)) is not None:
        piece, pos = found.group(), found.end()
        if piece == "(":
            level += 1
        elif piece == ")":
            level -= 1
            if level == 0:
                return pos
        elif piece == '"':
            _, pos = _double_quoted(text, pos, depth + 1)
        elif piece == "`":
            pos = _closing(text, pos, "`", depth + 1)
        elif piece.startswith("<<"):
            marks.append(piece.lstrip("<-").strip().strip("'\"\\"))
        elif piece == "\n" and marks:
            for mark in marks:
                _, pos = _body(text, pos, mark)
            marks = []
    return len(text)

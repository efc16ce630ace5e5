"""Interface drift: calls by a name that a library or program does not know (any more), and how the agent put it right.

Errors in a row are one story: each time the same thing was run it failed on another name. A run's own code is no
interface of somebody else: errors about names that the run itself defines are left out.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import NamedTuple

from viewer.annotations.contract import Annotation, Annotator, Judged
from viewer.annotations.drift_rules import OWNERS, RULES, Sort, imports, raised_in, replacement
from viewer.brief import one_line
from viewer.edits import name_of
from viewer.plural import counted

_NEAR = 8
"""Calls within which a fix belongs to its error."""
_FAR = 60
"""Calls after which the next failure belongs to another story."""
_TAIL = 12_000
"""Characters at the end of a result that are read."""
_SEARCHERS = frozenset(("rg", "grep", "egrep", "fgrep", "ag", "ack"))
_DEFINED = re.compile(r"^[^\S\n]*(?:async )?(?:def|class) (\w+)", re.MULTILINE)


class Wrong(NamedTuple):
    """One error about an interface."""

    event: int
    sort: Sort | None
    """None for an error that the library raised in other words, in a row with one about a name."""
    old: str
    new: str | None
    library: str | None
    quote: str


class _Code(NamedTuple):
    """What the run's code says of names."""

    imported: dict[str, str]
    defined: frozenset[str]
    files: frozenset[str]
    """The run's own files and folders, by the names that an import would use."""


class _Pair(NamedTuple):
    """An old name, the new one, and the event that put it in."""

    old: str
    new: str
    fix: int


def find(judged: Judged) -> Iterator[Annotation]:
    """One `drift` for each row of errors with a name that was replaced; one `wrong_guess` where none was.

    Facts: `library` (or program; None where not known), `errors` in the row, `names` that were unknown, `pairs`
    `[old, new]`, `fixed`, and `calls` and `events` from the first error to the run that went through (or None).
    """
    wrong = _wrongs(judged)
    if wrong:
        yield from _rows(judged, wrong)


def _rows(judged: Judged, wrong: dict[int, Wrong]) -> Iterator[Annotation]:
    """The errors in rows, by what was run (of an option: the program), closed by the run that goes through."""
    rows: dict[str, tuple[list[Wrong], int]] = {}
    calls = 0
    for index, event in enumerate(judged.run.events):
        if event.call is None:
            continue
        calls += 1
        if index in judged.reread_logs:
            continue
        program, name = _program(judged, index), judged.attempts[index]
        found = wrong.get(index)
        if found is not None and found.sort == "deprecated":
            yield from _told(judged, [found], None)
        elif judged.went_on(index) and not _asks(judged, index):
            for key in {program, name} - {None}:
                row, at = rows.pop(key or "", ([], 0))
                yield from _told(judged, row, index if calls - at <= _FAR else None)
        elif judged.failed(index):
            key = (program if found is not None and found.sort == "option" else name or program) or ""
            row, at = rows.pop(key, ([], 0))
            found = found or (_related(judged, index) if row else None)
            if found is None or calls - at > _FAR:
                yield from _told(judged, row, None)
                row = []
            if found is not None:
                row.append(found)
                rows[key] = (row, calls)
    for row, _ in rows.values():
        yield from _told(judged, row, None)


def _asks(judged: Judged, index: int) -> bool:
    """Whether this event asks a program for help."""
    command = judged.commands[index]
    return command is not None and _HELP.search(command.text) is not None


def _program(judged: Judged, index: int) -> str | None:
    """The program that this event runs."""
    command = judged.commands[index]
    return f"program {command.steps[command.main].name}" if command is not None and command.main is not None else None


def _text(judged: Judged, index: int) -> str:
    call = judged.run.events[index].call
    return call.result.text[-_TAIL:] if call is not None and call.result is not None else ""


def _related(judged: Judged, index: int) -> Wrong | None:
    """An error that an installed library raised in other words."""
    library = raised_in(_text(judged, index))
    if library is None:
        return None
    failure = judged.failures[index]
    quote = failure.quote or failure.error_class or "" if failure is not None else ""
    return Wrong(index, None, "", None, library, one_line(quote, 160))


def _wrongs(judged: Judged) -> dict[int, Wrong]:
    """Every error, and every warning of deprecation, that is about somebody else's interface."""
    hits: dict[int, tuple[Sort, re.Match[str]]] = {}
    for index, event in enumerate(judged.run.events):
        if event.call is None or event.call.category != "shell" or event.call.result is None:
            continue
        if index in judged.reread_logs:
            continue
        failed, text = judged.failed(index), _text(judged, index)
        if not failed and not ("deprecated" in text and judged.went_on(index)):
            continue
        for rule in RULES:
            hit = _last(rule.pattern, text) if rule.word in text and failed != (rule.sort == "deprecated") else None
            if hit is not None:
                hits[index] = rule.sort, hit
                break
    if not hits:
        return {}
    code = _read_code(judged)
    found = {index: _wrong(judged, index, *hit, code) for index, hit in hits.items()}
    return {index: wrong for index, wrong in found.items() if wrong is not None}


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(deque(pattern.finditer(text), maxlen=1)), None)


def _wrong(judged: Judged, index: int, sort: Sort, hit: re.Match[str], code: _Code) -> Wrong | None:
    """The error, if it is about an interface that is not the run's own."""
    parts = hit.groupdict()
    old, new = parts["old"], parts.get("new")
    if sort == "option":
        library = _option_owner(judged, index, old)
    elif sort == "keyword":
        owner = parts["owner"].split(".")[0]
        library = None if owner in code.defined else code.imported.get(owner) or OWNERS.get(owner)
        library = library or (raised_in(hit.string) if owner not in code.defined else None)
    elif sort in ("attribute", "import"):
        library = parts["owner"].split(".")[0]
    elif sort == "key":
        library = raised_in(hit.string)
    else:
        line = hit.string[hit.string.rfind("\n", 0, hit.start()) + 1 : hit.start()]
        installed = re.search(r"(?:site|dist)-packages/([A-Za-z_]\w*)", line)
        library = installed[1] if installed else None
    if library in code.files or (library is None and sort != "deprecated"):
        return None
    return Wrong(index, sort, old, new, library, one_line(hit[0], 160))


def _option_owner(judged: Judged, index: int, old: str) -> str | None:
    """The program whose option the agent guessed wrong; None where it did not type it, or the script is its own."""
    command = judged.commands[index]
    if command is None or command.main is None or old.strip("-") not in command.text:
        return None
    step = next((step for step in command.steps if any(old in word for word in step.words)), None)
    own = (
        step is None or "/" in step.words[0] or "." in step.name or any(word.endswith(".py") for word in step.words[:3])
    )
    # A pattern that starts with a dash is no option that somebody thought up.
    return None if step is None or (own and step.name != "hf") or step.name in _SEARCHERS else step.name


def _read_code(judged: Judged) -> _Code:
    """What the code in the run, written, run or read, says of names."""
    imported: dict[str, str] = {}
    defined: set[str] = set()
    files: set[str] = set()
    for index, event in enumerate(judged.run.events):
        texts = [change.new for change in judged.changes[index]]
        files.update(name_of(change.path).partition(".")[0] for change in judged.changes[index])
        command = judged.commands[index]
        texts += command.code if command is not None else ()
        if event.call is not None and event.call.category == "read" and event.call.result is not None:
            texts.append(event.call.result.text)
        for text in texts:
            if "import" in text:
                imported.update(imports(text))
            if "def " in text or "class " in text:
                defined.update(_DEFINED.findall(text))
    return _Code(imported, frozenset(defined), frozenset(files))


def _told(judged: Judged, row: list[Wrong], passed: int | None) -> Iterator[Annotation]:
    if not row:
        return
    pairs = [pair for one in row if (pair := _pair(judged, one)) is not None]
    sorts = {one.sort for one in row}
    if sorts == {"deprecated"} and not pairs:
        return
    libraries = Counter(one.library for one in row if one.library)
    library = libraries.most_common(1)[0][0] if libraries else None
    is_drift = bool(pairs) and not sorts <= {"option", "key", None}
    last = passed if passed is not None else pairs[-1].fix if sorts == {"deprecated"} else None
    calls = sum(1 for event in judged.run.events[row[0].event : last + 1] if event.call) if last is not None else None
    names = [one.old for one in row if one.old]
    yield Annotation(
        "drift" if is_drift else "wrong_guess",
        tuple(
            sorted({one.event for one in row} | {pair.fix for pair in pairs} | ({last} if last is not None else set()))
        ),
        _sentence(library, len(row), calls, pairs, names, is_drift=is_drift),
        " · ".join(one.quote for one in row[:4]),
        severity="note" if sorts == {"deprecated"} else "warning",
        confidence="A" if is_drift else "B",
        facts={
            "library": library,
            "errors": len(row),
            "names": names,
            "pairs": [[pair.old, pair.new] for pair in pairs],
            "fixed": last is not None,
            "calls": calls,
            "events": last - row[0].event + 1 if last is not None else None,
        },
    )


def _sentence(
    library: str | None, errors: int, calls: int | None, pairs: list[_Pair], names: list[str], *, is_drift: bool
) -> str:
    of = f"`{library}` " if library else ""
    head = f"{of}interface drift" if is_drift else f"Wrong guess at the interface of `{library}`"
    row = f", {errors} errors in a row" if errors > 1 else ""
    end = f", fixed in {counted(calls, 'call')}" if calls is not None else ", not seen to be fixed"
    shown = [f"`{pair.old}` → `{pair.new}`" for pair in pairs]
    known = {pair.old for pair in pairs}
    shown += [f"`{name}`" for name in dict.fromkeys(names) if name not in known]
    said = f"{head}{row}{end}: {', '.join(shown[:6])}"
    return said[0].upper() + said[1:]


def _pair(judged: Judged, wrong: Wrong) -> _Pair | None:
    """The name that the agent put in its place soon after; None where no edit shows one."""
    if wrong.sort is None:
        return None
    events, calls, program = judged.run.events, 0, _program(judged, wrong.event)
    for index in range(wrong.event + 1, len(events)):
        calls += events[index].call is not None
        if calls > _NEAR or events[index].kind == "user":
            return None
        new = _by_option(judged, wrong, index) if wrong.sort == "option" else _by_edit(judged, wrong, index)
        if new is not None:
            return _Pair(wrong.old, new, index)
        if wrong.sort == "option" and _program(judged, index) == program and not _asks(judged, index):
            return None  # the next call of the program shows how it went on
    return None


def _by_edit(judged: Judged, wrong: Wrong, index: int) -> str | None:
    if wrong.sort is None:
        return None
    for change in judged.changes[index]:
        script = _SED.search(change.new) if change.by_shell and not change.whole else None
        old, new = (script[2], script[3]) if script else _differing(change.old, change.new)
        found = replacement(wrong.sort, wrong.old, old, new)
        if found is None and script and wrong.old in old:
            found = next((name for name in re.findall(r"[A-Za-z_]\w+", new) if name not in old), None)
        if found is not None:
            return found
    return None


def _differing(old: str, new: str) -> tuple[str, str]:
    """The lines that only one of two texts has."""
    before, after = old.splitlines(), new.splitlines()
    kept = set(before) & set(after)
    return "\n".join(line for line in before if line not in kept), "\n".join(line for line in after if line not in kept)


_HELP = re.compile(r"(?:^|\s)(?:--help|-h|help|--version)(?:\s|$)")
_SED = re.compile(r"s([/|#,@!])(.+?)\1(.*?)\1")


def _by_option(judged: Judged, wrong: Wrong, index: int) -> str | None:
    """The one option that the next call of the program has and the failed one had not."""
    before, after = judged.commands[wrong.event], judged.commands[index]
    if before is None or after is None or _program(judged, index) != _program(judged, wrong.event):
        return None
    if not judged.went_on(index) or _asks(judged, index):
        return None
    options = [set(re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", text)) for text in (before.text, after.text)]
    if wrong.old in options[1]:
        return None
    added = sorted(options[1] - options[0])
    if wrong.new in added:
        return wrong.new
    return added[0] if len(added) == 1 and wrong.old.startswith("-") else None


ANNOTATOR = Annotator("drift", find)

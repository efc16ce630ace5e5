"""YAML of strangers: bounded, without tags, anchors or surprises, and with the line of every key.

PyYAML's scanner reads it (with the resolver of its safe loader); the values are built here, so that no constructor
runs: text, whole numbers, decimals, booleans and null, lists and objects with keys of text. A date stays text, and a
number that is too long stays text too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

MAX_BYTES = 256 * 2**10
MAX_DEPTH = 24
MAX_NODES = 50_000
_LONGEST_NUMBER = 40

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

KeyPath = tuple[str | int, ...]
"""Where a value stands: keys and positions from the top, such as ("runs", 0, "path")."""


class YamlError(ValueError):
    """Text that is not read as YAML here; one sentence, with the line where there is one."""


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML document: its value, and the 1-based line of everything in it."""

    value: Any
    lines: Mapping[KeyPath, int] = field(repr=False)
    text: str = field(default="", repr=False)
    first_line: int = 1

    def line(self, path: KeyPath) -> int:
        """The line of a value, or of what holds it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def source_line(self, path: KeyPath) -> str:
        """The text of that line."""
        written = self.text.splitlines()
        at = self.line(path) - self.first_line
        return written[at].strip()[:400] if 0 <= at < len(written) else ""


def read_yaml(text: str, first_line: int = 1) -> Document:
    """The one document of a text. `first_line` is the line of the file where the text starts. Raises YamlError."""
    data = text.encode("utf-8", "replace")  # half a character, as JSON can hold, is none
    if len(data) > MAX_BYTES:
        raise YamlError(f"It is larger than {MAX_BYTES // 2**10} kB.")
    text = data.decode()
    try:
        _check_shape(text, first_line)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise YamlError(_sentence(error, first_line, len(text.splitlines()))) from error
    lines: dict[KeyPath, int] = {}
    value = _value(node, (), lines, first_line) if node is not None else None
    return Document(value, lines, text, first_line)


def _check_shape(text: str, first_line: int) -> None:
    """Refuse what would cost too much to build, from the flat stream of events. Raises YamlError."""
    depth = nodes = 0
    events: Iterator[Any] = yaml.parse(text, Loader=_Loader)
    for event in events:
        line = event.start_mark.line + first_line
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise YamlError(f"Line {line}: anchors and aliases (& and *) are not read here.")
        if getattr(event, "tag", None) not in (None, "!"):
            raise YamlError(f"Line {line}: the tag {str(event.tag)[:60]!r} is not read here; leave it out.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        nodes += isinstance(event, yaml.NodeEvent)
        if depth > MAX_DEPTH:
            raise YamlError(f"Line {line}: lists and objects are nested more than {MAX_DEPTH} deep.")
        if nodes > MAX_NODES:
            raise YamlError(f"Line {line}: there are more than {MAX_NODES:,} values.")


def _value(node: Any, path: KeyPath, lines: dict[KeyPath, int], first_line: int) -> Any:
    lines[path] = node.start_mark.line + first_line
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), lines, first_line) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, item in node.value:
            line = key.start_mark.line + first_line
            if not isinstance(key, yaml.ScalarNode):
                raise YamlError(f"Line {line}: a key is a list or an object; keys are text.")
            if key.value in found:
                raise YamlError(f"Line {line}: the key {key.value[:60]!r} is there twice.")
            found[key.value] = _value(item, (*path, key.value), lines, first_line)
            lines[(*path, key.value)] = line
        return found
    return _scalar(node)


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    kind = node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in ("true", "yes", "on")
    if kind in ("int", "float") and len(text) <= _LONGEST_NUMBER:
        try:
            return int(text.replace("_", "")) if kind == "int" else float(text.replace("_", ""))
        except ValueError:  # hexadecimal, base 60, .inf: nothing that an outcome is written in
            return text
    return text


def _sentence(error: yaml.YAMLError, first_line: int, lines: int) -> str:
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None) or "it is not YAML"
    # What is missing at the end is reported below the last line.
    where = f"Line {min(mark.line, max(lines - 1, 0)) + first_line}: " if mark is not None else ""
    return f"{where}{problem}."

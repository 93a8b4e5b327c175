"""YAML read into values that keep their text and line, without ever building objects from it.

Every scalar keeps the text as written, so that a zip code of `02134` is not read as a number.
"""

from dataclasses import dataclass, field

import yaml

from knowledge.folder.notes import Notes

MAX_CHARACTERS = 512_000
MAX_DEPTH = 40
MAX_ALIASES = 200


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as written. `null` = empty, `~` or null without quotes."""

    text: str
    line: int
    null: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    items: tuple["Located", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys to values, in order; `lines` says where each key stands."""

    entries: dict[str, "Located"]
    line: int
    lines: dict[str, int] = field(default_factory=dict)


Located = Scalar | Listing | Mapping


def read_yaml(text: str, notes: Notes, first_line: int = 1) -> Located | None:
    """Read one YAML document; None, with one error noted, when it is broken, empty, too large or too deep.

    `first_line` is the line of the file on which `text` begins.
    """
    if len(text) > MAX_CHARACTERS:
        notes.add(
            "error",
            "file-too-large",
            f"{len(text)} characters of YAML; expected at most {MAX_CHARACTERS}: split or shorten it",
        )
        return None
    try:
        if not _harmless(text, notes, first_line):
            return None
        # Only nodes are composed: no tag is ever turned into an object.
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + mark.line if mark else None
        column = f" (column {mark.column + 1})" if mark else ""
        what = " ".join(part for part in (error.context, error.problem) if part)
        notes.add("error", "yaml-broken", f"not readable as YAML{column}: {what}; correct this line", line)
        return None
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        notes.add("error", "yaml-broken", f"not readable as YAML: {reason}; remove the character")
        return None
    if node is None:
        notes.add("error", "file-empty", "empty; expected YAML")
        return None
    return _Reader(notes, first_line).value(node)


def _harmless(text: str, notes: Notes, first_line: int) -> bool:
    """Refuse nesting and aliases that only an attack or an accident has, before anything is built."""
    depth = aliases = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
        if depth > MAX_DEPTH or aliases > MAX_ALIASES:
            at = first_line + event.start_mark.line if event.start_mark else None
            what = f"nested over {MAX_DEPTH} deep" if depth > MAX_DEPTH else f"over {MAX_ALIASES} aliases"
            notes.add("error", "yaml-refused", f"{what}; expected plain lists and keys", at)
            return False
    return True


class _Reader:
    """Turns nodes to values; an alias gives the same value again, one that holds itself is null."""

    def __init__(self, notes: Notes, first_line: int) -> None:
        self._notes = notes
        self._first = first_line
        self._done: dict[int, Located] = {}
        self._open: set[int] = set()

    def value(self, node: yaml.Node) -> Located:
        if id(node) in self._done:
            return self._done[id(node)]
        line = self._first + node.start_mark.line
        if id(node) in self._open:
            self._notes.add("error", "yaml-refused", "an alias holds itself; write the value out", line)
            return Scalar("", line, null=True)
        self._open.add(id(node))
        value: Located
        if isinstance(node, yaml.MappingNode):
            value = self._mapping(node, line)
        elif isinstance(node, yaml.SequenceNode):
            value = Listing(tuple(self.value(item) for item in node.value), line)
        else:
            value = Scalar(str(node.value), line, null=node.tag == "tag:yaml.org,2002:null")
        self._open.discard(id(node))
        self._done[id(node)] = value
        return value

    def _mapping(self, node: yaml.MappingNode, line: int) -> Mapping:
        mapping = Mapping({}, line)
        for key_node, value_node in node.value:
            at = self._first + key_node.start_mark.line
            if not isinstance(key_node, yaml.ScalarNode):
                self._notes.add("error", "yaml-key", "a key must be a plain word; this one is left out", at)
                continue
            key = str(key_node.value)
            if key in mapping.entries:
                says = f"key {key!r} stands twice (line {mapping.lines[key]} too); the first one is used"
                self._notes.add("warning", "key-twice", says, at)
                continue
            mapping.entries[key] = self.value(value_node)
            mapping.lines[key] = at
        return mapping

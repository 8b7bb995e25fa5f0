"""The merged scenario as YAML, each line with where it comes from."""

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from energysim.scenario import Scenario

COMMENT_COLUMN = 60


def resolved_text(scenario: Scenario) -> str:
    """Write the resolved scenario, with file and line behind every value.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    text : str
        YAML that loads again to the same scenario, from the same folder.
    """
    writer = YAML()
    writer.width = 1_000_000  # one value one line, or the comment would stand in the middle of it
    writer.allow_unicode = True
    stream = StringIO()
    writer.dump(_commented(scenario.resolved, (), scenario), stream)
    variant = f", variant {scenario.variant}" if scenario.variant else ""
    return f"# {scenario.path}{variant}, all that it extends merged\n{stream.getvalue()}"


def _commented(value: Any, path: tuple[str, ...], scenario: Scenario) -> Any:
    if isinstance(value, dict):
        mapping = CommentedMap()
        for key, inner in value.items():
            mapping[key] = _commented(inner, (*path, key), scenario)
            comment = _origin((*path, key), scenario)
            if comment and not (isinstance(inner, dict) and inner):
                mapping.yaml_add_eol_comment(comment, key, column=COMMENT_COLUMN)
        return mapping
    if isinstance(value, list):
        sequence = CommentedSeq([_flowing(item) for item in value])
        sequence.fa.set_flow_style()
        return sequence
    return value


def _flowing(value: Any) -> Any:
    """Write what stands in a list on the list's own line."""
    if isinstance(value, dict):
        mapping = CommentedMap({key: _flowing(inner) for key, inner in value.items()})
        mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list):
        sequence = CommentedSeq([_flowing(item) for item in value])
        sequence.fa.set_flow_style()
        return sequence
    return value


def _origin(path: tuple[str, ...], scenario: Scenario) -> str:
    origin = scenario.origins.get(".".join(path))
    if origin is None:
        return ""
    where = origin.file if origin.line is None else f"{origin.file}:{origin.line}"
    return where if origin.via in {"file", where} else f"{where} ({origin.via})"

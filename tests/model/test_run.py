"""What ``run`` refuses before it does any work."""

from pathlib import Path

import pytest

from energysim import api
from energysim.errors import OutputError, ScenarioError

FIRST = Path(__file__).resolve().parents[2] / "scenarios" / "01_three_hours.yaml"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"variant": "cold"}, "variant"),
        ({"overrides": ["components.tank.volume=0 MWh"]}, "overrides"),
        ({"overrides": (text for text in ["seed=2"]), "allow_outside": True}, "overrides, allow_outside"),
    ],
)
def test_a_loaded_scenario_is_not_changed_and_does_not_seem_to_be(changes: dict[str, object], named: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        api.run(api.load(FIRST), **changes)  # type: ignore[arg-type]

    assert str(caught.value) == (
        f"The scenario is loaded already, so it cannot be changed by {named}. "
        "Say it to  load , or give the path of the file."
    )


def test_words_that_change_nothing_are_no_mistake() -> None:
    results = api.run(api.load(FIRST), variant=None, overrides=[], allow_extensions=False)

    assert float(results.attrs["objective"]) == pytest.approx(1375.0)


def test_an_engine_that_does_not_exist_is_told_before_the_file_is_read() -> None:
    with pytest.raises(OutputError, match=r"There is no engine 'optimize'\. Did you mean 'optimise'\?"):
        api.run("no/such/file.yaml", engine="optimize")

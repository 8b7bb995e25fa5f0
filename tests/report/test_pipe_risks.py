"""What hydraulics say against a pipe stands among the risks, before a council reads that it should be built."""

import pandas as pd

from energysim.report.risks import pipe_risks

WORST = {"drop": 109.0, "loss": 1.5, "planned_loss": 1.4, "pumping": 6.99, "planned_pumping": 1.18}
LIGHT = {"drop": 20.0, "loss": 1.4, "planned_loss": 1.4, "pumping": 1.0, "planned_pumping": 1.0}


def test_a_pipe_that_needs_pumps_on_the_way_is_named_once_with_its_worst_hour() -> None:
    rows = [
        {"pipe": "Link", "remark": "needs pumps on the way", **LIGHT},
        {"pipe": "Link", "remark": "needs pumps on the way, pumps more than planned", **WORST},
        {"pipe": "Short", "remark": "as planned", **LIGHT},
    ]

    assert list(pipe_risks(pd.DataFrame(rows))) == [
        "Held against hydraulics, Link needs pumps on the way, pumps more than planned: 109 bar at the largest flow, "
        "1.50 MW lost (planned 1.40), 6.99 MW for pumps (planned 1.18)."
    ]


def test_without_pipes_nothing_is_said() -> None:
    assert list(pipe_risks(None)) == []
    assert list(pipe_risks(pd.DataFrame([]))) == []

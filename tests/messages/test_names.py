"""Names that do not exist, or exist twice."""

from collections.abc import Callable

import pytest

Told = Callable[..., str]

TYPES = (
    "battery, boiler, chp_backpressure, chp_extraction, converter, electric_boiler, electricity_demand, "
    "electricity_market, fuel_supply, heat_demand, heat_pipe, heat_pump, heat_rejection, heat_store, link, power_line, "
    "residual_heat, sink, solar, source, store, unserved, wind"
)


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (
            "type: boiler",
            "type: boyler",
            "scenario.yaml:17: components.boiler.type: There is no component type 'boyler'. Did you mean 'boiler'?",
        ),
        (
            "type: boiler",
            "type: nuclear",
            f"scenario.yaml:17: components.boiler.type: There is no component type 'nuclear'. Known here: {TYPES}.",
        ),
        (
            "    type: boiler\n",
            "",
            f"scenario.yaml:16: components.boiler: 'boiler' has no type. Known here: {TYPES}.",
        ),
        (
            "    to: heat",
            "    to: heet",
            "scenario.yaml:19: components.boiler.to: There is no network 'heet'. Did you mean 'heat'?",
        ),
        (
            "    to: heat",
            "    to: grid",
            "scenario.yaml:19: components.boiler.to: 'grid' carries electricity. A network of heat is needed here. "
            "Known here: heat.",
        ),
        (
            "    to: heat\n",
            "",
            "scenario.yaml:16: components.boiler: 'to' is missing. "
            "It names the network for: heat given to the network.",
        ),
        (
            "    to: heat",
            "    to: [heat]",
            "scenario.yaml:19: components.boiler.to: ['heat'] is not the name of a network.",
        ),
        (
            "    fuel: wood_chips",
            "    fuel: wod_chips",
            "scenario.yaml:18: components.boiler.fuel: There is no fuel 'wod_chips'. Did you mean 'wood_chips'?",
        ),
        (
            "    fuel: wood_chips",
            "    fuel: heat",
            "scenario.yaml:18: components.boiler.fuel: There is no fuel 'heat'. Known here: wood_chips.",
        ),
        (
            "at: town",
            "at: twon",
            "scenario.yaml:11: networks.heat.at: There is no place 'twon'. Did you mean 'town'?",
        ),
        (
            "volume: 3 MWh",
            "volume: 3 MWh, at: moon",
            "scenario.yaml:22: components.tank.at: There is no place 'moon'. Known here: town.",
        ),
        (
            "owner: utility",
            "owner: utilty",
            "scenario.yaml:14: components.demand.owner: There is no actor 'utilty'. Did you mean 'utility'?",
        ),
        (
            "  tank: {",
            "  boiler: {",
            "scenario.yaml:22: components.boiler: 'boiler' stands here twice; the first is on line 16. "
            "Each name can be used once. Rename or remove one of them.",
        ),
        (
            "  tank: {",
            "  ta.nk: {",
            "scenario.yaml:22: components.ta.nk: The name 'ta.nk' cannot be used. Points separate keys. Rename it.",
        ),
        (
            "  wood_chips: {co2: 0 kg/MWh}",
            "  wood_chips: {co2: 0 kg/MWh}\n  heat: {}",
            "scenario.yaml:10: fuels.heat: 'heat' is also the name of a network. "
            "A component could not tell which is meant. Rename one of them.",
        ),
    ],
)
def test_wrong_name(told: Told, right: str, wrong: str, message: str) -> None:
    assert told((right, wrong)) == message


def test_contract_with_unknown_parties(told: Told) -> None:
    parties = "{seller: utilty, buyer: utility, flow: boilr, price: {share_of_saving: 50 %}}"

    message = told(("components:\n", f"contracts:\n  a: {parties}\ncomponents:\n"))

    assert message == (
        "scenario.yaml:14: contracts.a.flow: There is no component 'boilr'. Did you mean 'boiler'?\n"
        "scenario.yaml:14: contracts.a.seller: There is no actor 'utilty'. Did you mean 'utility'?"
    )

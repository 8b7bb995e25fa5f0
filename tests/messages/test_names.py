"""Names that do not exist, or exist twice."""

from collections.abc import Callable

import pytest

from energysim.components import component_types

Told = Callable[..., str]

TYPES = ", ".join(sorted(component_types()))


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
            "scenario.yaml:18: components.boiler.fuel: There is no fuel 'heat'. Known here: wood_chips. 'heat' is a "
            "network; what is burnt is declared under 'fuels', by-product gases too.",
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


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (
            "utility: {name: Utility}",
            "utility: Utility",
            "scenario.yaml:7: actors.utility: 'utility' is a single value. It needs keys and values below its name.",
        ),
        (
            "heat: {carrier: heat, at: town}",
            "heat: town",
            "scenario.yaml:11: networks.heat: 'heat' is a single value. It needs keys and values below its name.",
        ),
        (
            "town: {name: Town}",
            "town: {name: Town, location: [22.15, 165.58, 0]}",
            "scenario.yaml:5: places.town.location: It has 3 entries. At most 2 are needed here.",
        ),
    ],
)
def test_a_wrong_entry_is_not_also_unknown_where_it_is_used(told: Told, right: str, wrong: str, message: str) -> None:
    assert told((right, wrong)) == message


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (
            "owner: utility",
            "owner: [utility]",
            "scenario.yaml:14: components.demand.owner: ['utility'] is not text. Put it in quotes if that is meant.",
        ),
        (
            "  tank: {type: heat_store, network: heat,",
            "  tank: {type: heat_store, connections: {charge: heat},",
            "scenario.yaml:22: components.tank: 'network' is missing. "
            "It names the network for: heat taken from the network.\n"
            "scenario.yaml:22: components.tank.connections: 'connections' is not understood here. "
            "Networks are named by: network.",
        ),
        (
            "  tank: {type: heat_store, network: heat, volume: 3 MWh}",
            "  tank: heat_store",
            "scenario.yaml:22: components.tank: 'tank' is a single value. "
            "A component needs at least a type and its connections.",
        ),
        (
            "  tank: {type: heat_store, network: heat, volume: 3 MWh}",
            "  mill: {type: converter, inputs: {p: {from: gird, ratio: 1}}, outputs: {h: {to: heat, ratio: 0.5}}}",
            "scenario.yaml:22: components.mill.inputs.p.from: There is no network 'gird'. Did you mean 'grid'?",
        ),
        (
            "  tank: {type: heat_store, network: heat, volume: 3 MWh}",
            "  loop: {type: link, from: heat, to: heat, capacity: 3 MW}",
            "scenario.yaml:22: components.loop: It joins 'heat' with itself. "
            "Name two different networks in 'from' and 'to'.",
        ),
    ],
)
def test_wrong_entry(told: Told, right: str, wrong: str, message: str) -> None:
    assert told((right, wrong)) == message

"""All mistakes of a file are told at once, in reading order."""

from collections.abc import Callable

Told = Callable[..., str]


def test_every_mistake_is_told_in_reading_order(told: Told) -> None:
    """A reader who mends one mistake should not meet the next one only then."""
    message = told(
        ("discount_rate: 5 %", "discount_rate: 5 MW"),
        ("at: town", "at: twon"),
        ("owner: utility", "owner: utilty"),
        ("20 EUR/MWh", "20 EUR"),
        ("    fuel: wood_chips", "    fuel: wod_chips"),
        ("{max: 20 MW", "{min: 30 MW, max: 20 MW"),
        ("efficiency:", "eficiency:"),
        ("volume: 3 MWh", "volume: 3, wear: .nan"),
    )

    assert message.splitlines() == [
        "scenario.yaml:3: economy.discount_rate: 5 MW is a power. A pure number is needed here, such as 0.9 or 90 %.",
        "scenario.yaml:11: networks.heat.at: There is no place 'twon'. Did you mean 'town'?",
        "scenario.yaml:14: components.demand.owner: There is no actor 'utilty'. Did you mean 'utility'?",
        "scenario.yaml:15: components.trade.price: 20 EUR is an amount of money. "
        "A quantity in EUR/MWh is needed here, such as 35 EUR/MWh.",
        "scenario.yaml:18: components.boiler.fuel: There is no fuel 'wod_chips'. Did you mean 'wood_chips'?",
        "scenario.yaml:20: components.boiler.capacity: Min 30 MW is above max 20 MW. Raise max or lower min.",
        "scenario.yaml:21: components.boiler.eficiency: 'eficiency' is not understood here. Did you mean 'efficiency'?",
        "scenario.yaml:22: components.tank.volume: 3 has no unit. A quantity in MWh is needed here, such as 850 GWh.",
        "scenario.yaml:22: components.tank.wear: nan is not a finite number. "
        "A quantity in EUR/MWh is needed here, such as 35 EUR/MWh.",
    ]


def test_several_keys_that_stand_twice(told: Told) -> None:
    message = told(("  tank: {", "  boiler: {"), ("volume: 3 MWh", "volume: 3 MWh, volume: 4 MWh"))

    assert message.splitlines() == [
        "scenario.yaml:22: components.boiler: 'boiler' stands here twice; the first is on line 16. "
        "Each name can be used once. Rename or remove one of them.",
    ]

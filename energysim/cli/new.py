"""``energysim new``: a small commented scenario to start from."""

from pathlib import Path

import typer

from energysim.errors import disk_words

START = """\
# A small town: heat from a wood-chip boiler, an electric boiler and a neighbour's residual heat.
#
# Change a figure, then run:   energysim check scenario.yaml     energysim run scenario.yaml
# Every quantity has a unit. A misspelt key is an error with a line number, never a silent default.
# Beside any figure you may say where it comes from:  {value: 90 GWh, source: annual report 2024, confidence: known}
scenario: Our town
description: A start to be made your own.
time: {year: 2030}                    # a full year, hour by hour
economy: {currency: SEK, price_year: 2025, discount_rate: 5 %, exchange: {EUR: 11.2 SEK}}

places:
  town: {name: Our town, climate: boden, normal: boden}   # climates: energysim describe places
actors:
  utility: {name: Town utility}
  dairy: {name: Dairy}
fuels:
  wood_chips: {name: Wood chips, co2: 0 t/MWh}

networks:
  town_heat:
    name: District heating
    at: town
    owner: utility
    supply: {outdoor: [-25 degC, 5 degC], temperature: [100 degC, 70 degC]}
    return: 45 degC
    approach: 5 K
    losses: {share: 10 %}
  grid: {name: Power, carrier: electricity, at: town}

components:
  homes: {type: heat_demand, name: Homes and schools, to: town_heat, annual: 90 GWh, owner: utility}
  dairy_heat:
    type: residual_heat
    name: Dairy condensers
    to: town_heat
    owner: dairy
    streams: {condenser: {from: 110 degC, to: 55 degC, load: 4 MW}}
    price: 50 SEK/MWh
  chip_trade: {type: fuel_supply, name: Chip trade, to: wood_chips, price: 300 SEK/MWh, owner: utility}
  chip_boiler:
    type: boiler
    name: Chip boiler
    fuel: wood_chips
    to: town_heat
    efficiency: 105 %
    capacity: {max: 40 MW, investment: 469 EUR/kW, fixed_om: 40.5 EUR/kW/a, lifetime: 25 a}
    owner: utility
  spot:
    type: electricity_market
    name: Spot market
    to: grid
    price: {profile: electricity_price, area: SE1, year_type: normal}
    sell_limit: 0 MW
    tax: 264 SEK/MWh
    grid_fee: 50 SEK/MWh
    owner: utility
  electric_boiler:
    {type: electric_boiler, name: Electric boiler, power: grid, to: town_heat, capacity: 15 MW, owner: utility}
  tank:
    {type: heat_store, name: Tank, network: town_heat, volume: 150 MWh, hours_to_fill: 10 h, owner: utility}
  shortage: {type: unserved, name: Heat not served, to: town_heat, price: 30000 SEK/MWh, owner: utility}

variants:
  no_dairy: {components.dairy_heat.availability: 0 %}
"""


def write_start(folder: Path) -> int:
    """Write the start scenario into a new or empty folder; gives the exit code."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        typer.echo(f"'{folder}' exists and is not an empty folder. Choose another.", err=True)
        return 1
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "scenario.yaml").write_text(START, encoding="utf8")
    except OSError as error:
        typer.echo(f"'{folder}' cannot be written: {disk_words(error)}. Choose another.", err=True)
        return 1
    typer.echo(f"Wrote {folder}/scenario.yaml. Next:  energysim run {folder}/scenario.yaml")
    return 0

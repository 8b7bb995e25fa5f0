"""Gas holder: keeps process gas for minutes and hours."""

from typing import Annotated, ClassVar

from pydantic import Field, ValidationInfo, model_validator

from energysim.declare import NO_GAS, Direction, Look, Port, Share
from energysim.quantities import Unit, read_quantity
from energysim.traits.storing import Storing


class GasHolder(Storing):
    r"""Hold low-pressure process gas, known by its volume in cubic metres.

    It holds :math:`V = (1 - m)\,G\,h_u` of energy for a gas volume :math:`G` of lower heating value :math:`h_u`, of
    which the share :math:`m` must stay as a safety cushion; the level follows
    :class:`energysim.traits.storing.Storing` [1]_.

    References
    ----------
    .. [1] R. Remus et al., Best Available Techniques Reference Document for Iron and Steel Production, European
       Commission JRC, 2013, ch. 2 (gas holders of some 100 000 m3, 0.9 kWh/m3 for blast furnace gas).
    """

    look: ClassVar[Look] = Look("#a3b18a", order=73)
    example: ClassVar[str] = (
        "holder: {type: gas_holder, network: furnace_gas, gas_volume: 100 000 m3, heating_value: 0.9 kWh/m3, "
        "hours_to_fill: 1 h}"
    )

    charge = Port(Direction.IN, None, "network", "Gas put in.", refuses=NO_GAS)
    discharge = Port(Direction.OUT, None, "network", "Gas taken out.", refuses=NO_GAS)

    gas_volume: Annotated[float, Unit("m3"), Field(gt=0)]
    """Gas a full holder holds, at norm conditions."""
    heating_value: Annotated[float, Unit("MWh/m3"), Field(gt=0)] = 0.0009
    """Lower heating value of the gas."""
    least: Share = 0.1
    """Share of the gas that must stay."""

    @model_validator(mode="before")
    @classmethod
    def _holds_energy(cls, data: dict, info: ValidationInfo) -> dict:
        """Bring the gas to the energy that can be used."""
        if not isinstance(data, dict) or "gas_volume" not in data or "volume" in data:
            return data
        gas, heating_value, least = (
            read_quantity(data.get(key, default), unit, info) if info.context else float(data.get(key, default))
            for key, unit, default in (
                ("gas_volume", "m3", 0.0),
                ("heating_value", "MWh/m3", "0.0009 MWh/m3" if info.context else 0.0009),
                ("least", "1", 0.1),
            )
        )
        # What is out of range is told by its own parameter.
        energy = max((1.0 - least) * gas * heating_value, 0.0)
        return {**data, "volume": f"{energy!r} MWh" if info.context else energy}

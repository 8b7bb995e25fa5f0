"""Years of hours generated from published statistics: outdoor temperature, electricity price and wind power."""

from energysim.scenario.profiles.climate import climate_names, climate_of, outdoor_temperature
from energysim.scenario.profiles.price import anomaly_of, electricity_price
from energysim.scenario.profiles.wind import wind_power

__all__ = ["anomaly_of", "climate_names", "climate_of", "electricity_price", "outdoor_temperature", "wind_power"]

"""A solved plan as one xarray dataset with names, units and coordinates."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from energysim.declare import Direction, Look
from energysim.results.built import built_by, decisions
from energysim.system import Plan, System
from energysim.system.network import Network
from energysim.system.plan import Finding, Proof

Floats = NDArray[np.float64]


def dataset(system: System, plan: Plan, attributes: Mapping[str, Any] | None = None) -> xr.Dataset:
    """Label a plan.

    Parameters
    ----------
    system : System
        What was modelled.
    plan : Plan
        Solved values by name.
    attributes : mapping, optional
        Facts about the run kept in ``attrs``, such as the resolved scenario.

    Returns
    -------
    results : xarray.Dataset
        ``flow (port, time)`` [``port_unit``: MW or t/h], ``level (store, time)`` [MWh], ``capacity (size)``, ``price
        (node, time)`` [money for a ``node_unit``: MWh or t], ``booking (booking)``, ``amount (component, effect)`` and
        more; names of dimensions are singular, every coordinate is text, units are in attrs.
    """
    variables: dict[str, Any] = {}
    variables |= _time(system)
    variables |= _flows(system, plan)
    variables |= _levels(system, plan)
    variables |= _sizes(system, plan)
    variables |= _sites(system)
    variables |= _nodes(system, plan)
    variables |= _heat_levels(system, plan)
    variables |= _bookings(system, plan)
    variables |= _measures(plan)
    result = xr.Dataset(variables).assign_coords(_texts("component", _component_coordinates(system)))
    result = result.set_coords([name for name, array in result.items() if array.dtype.kind == "U"])
    looks = [getattr(component, "look", Look("#7f8c8d")) for component in system.components.values()]
    result = result.assign_coords(
        component_colour=("component", _text(look.colour for look in looks)),
        component_order=("component", np.array([look.order for look in looks], int)),
    )
    result.attrs = {
        "title": system.title,
        "currency": system.currency,
        "objective": plan.objective,
        "year_share": system.time.year_share,
        "perspective": system.perspective,
        "certificate": json.dumps(_certificate(system, plan)),
        "warnings": json.dumps([*system.warnings, *plan.warnings], ensure_ascii=False),
        "solver": json.dumps(dict(plan.solver)),
        "forbidden": json.dumps({name: _forbidden(network) for name, network in system.networks.items()}),
        **(attributes or {}),
    }
    return result


def _forbidden(network: Network) -> list[dict[str, list[str]]]:
    return [{"from": sorted(one.suppliers), "to": sorted(one.users)} for one in network.forbidden]


def _time(system: System) -> dict[str, Any]:
    stamps = system.time.stamps.astype("datetime64[ns]")
    return {
        "time": ("time", stamps, {"long_name": "start of the step, UTC"}),
        "hours": ("time", system.time.hours, {"units": "h", "long_name": "length of the step"}),
        "weight": ("time", system.time.weight, {"units": "1", "long_name": "hours of the year each hour stands for"}),
    }


def _flows(system: System, plan: Plan) -> dict[str, Any]:
    keys = [(a.component, a.port_name) for a in system.attachments]
    rows = []
    for attachment in system.attachments:
        network = system.networks.get(attachment.network)
        carrier = network.carrier if network is not None else attachment.port.carrier or ""
        rows.append(
            _place(system, attachment.component)
            | {
                "port": f"{attachment.component}.{attachment.port_name}",
                "name": attachment.port_name,
                "node": attachment.network,
                "network": attachment.network,
                "carrier": carrier,
                "unit": "MW" if network is None else network.flow_unit,
                "direction": attachment.port.direction.value,
            }
        )
    attrs = {"units": "MW", "long_name": "flow through the port"}
    block = _block("port", rows, {"flow": (_stack(keys, plan.flows, system), attrs)}, _FLOW_COORDINATES)
    # The flows are what readers group most, so their coordinates have plain names; xarray knows each name once.
    plain = {name: name.removeprefix("port_") for name in block if name not in _PREFIXED}
    return {plain.get(name, name): value for name, value in block.items()}


def _levels(system: System, plan: Plan) -> dict[str, Any]:
    """Split the hourly variables that are no flows into store levels and other states."""
    found: dict[str, Any] = {}
    levels: list[tuple[tuple[str, str], str]] = []
    states: list[tuple[tuple[str, str], str]] = []
    for key in plan.hourly:
        if key in plan.flows or "@" in key[1]:
            continue
        unit = _variable_unit(system, key)
        (levels if unit == "MWh" else states).append((key, unit))
    level_rows = [
        _place(system, key[0]) | {"store": ".".join(key), "carrier": _carrier(system, key[0])} for key, _ in levels
    ]
    attrs = {"units": "MWh", "long_name": "held at the end of the step"}
    found |= _block(
        "store", level_rows, {"level": (_stack([k for k, _ in levels], plan.hourly, system), attrs)}, _LEVEL_COORDINATES
    )
    state_rows = [{"state": ".".join(key), "component": key[0], "unit": unit} for key, unit in states]
    values = _stack([k for k, _ in states], plan.hourly, system)
    return found | _block("state", state_rows, {"state_value": (values, {})}, ("component", "unit"))


def _sizes(system: System, plan: Plan) -> dict[str, Any]:
    rows = [
        _place(system, component) | {"size": f"{component}.{field}", "parameter": field, "unit": unit}
        for (component, field), (_, _, unit) in plan.sizes.items()
    ]
    existing = np.array([existing for existing, _, _ in plan.sizes.values()], float)
    total = np.array([total for _, total, _ in plan.sizes.values()], float)
    found = built_by(plan.bookings, system.components, system.discount_rate, system.time.year_share)
    spent = {(one.component, one.field): one.price for one in found}
    most = {(name, field): sizing.most for name, part in system.components.items() for field, sizing in decisions(part)}
    values = {
        "capacity": (total, {"long_name": "total size"}),
        "existing": (existing, {"long_name": "size that stood already"}),
        "built": (total - existing, {"long_name": "size built"}),
        "most": (
            np.array([most.get(key, here) for key, here in zip(plan.sizes, existing, strict=True)], float),
            {"long_name": "largest total size the plan may choose"},
        ),
        "invested": (
            np.array([spent.get(key, 0.0) for key in plan.sizes], float),
            {"units": system.currency, "long_name": "paid once for what is built"},
        ),
    }
    return _block("size", rows, values, ("parameter", "unit", *_PLACE))


def _sites(system: System) -> dict[str, Any]:
    """Places with their names and where they lie; NaN where the scenario does not say."""
    rows = [{"site": name, "title": place.label or name} for name, place in system.places.items()]
    spots = [place.location or (np.nan, np.nan) for place in system.places.values()]
    values = {
        "latitude": (np.array([spot[0] for spot in spots], float), {"units": "degrees_north"}),
        "longitude": (np.array([spot[1] for spot in spots], float), {"units": "degrees_east"}),
    }
    return _block("site", rows, values, ("title",))


def _nodes(system: System, plan: Plan) -> dict[str, Any]:
    """Balances of whole networks."""
    networks = [network for network in system.networks.values() if any(True for _ in system.in_network(network.name))]
    count = system.time.count
    nothing = np.full(count, np.nan)
    rows = [
        {
            "node": n.name,
            "network": n.name,
            "place": n.place,
            "carrier": n.carrier,
            "title": n.title,
            "owner": n.owner,
            "unit": n.unit,
        }
        for n in networks
    ]
    # One array has one label; where networks count in tonnes too it says where the unit of each stands.
    each = "MWh" if all(n.unit == "MWh" for n in networks) else "node_unit"
    money = f"{system.currency}/{each}"
    values = {
        "price": (_rows(networks, lambda n: plan.prices.get(n.name, nothing), count), {"units": money}),
        "price_is_doubtful": (
            _rows(networks, lambda n: plan.doubtful.get(n.name, nothing), count),
            {"units": "1", "long_name": "1 where another marginal price would be as right"},
        ),
        "loss": (_rows(networks, lambda n: plan.losses[n.name], count), {"units": "MW"}),
        "supply": (_rows(networks, lambda n: nothing if n.supply is None else n.supply, count), {"units": "degC"}),
        "returned": (
            _rows(networks, lambda n: nothing if n.returned is None else n.returned, count),
            {"units": "degC"},
        ),
        "outdoor": (
            _rows(networks, lambda n: nothing if n.outdoor is None else n.outdoor, count),
            {"units": "degC", "long_name": "outdoor temperature at the place of the network"},
        ),
    }
    return _block("node", rows, values, ("network", "place", "carrier", "title", "owner", "unit"))


def _heat_levels(system: System, plan: Plan) -> dict[str, Any]:
    """Temperature levels of networks that have several, and what each port gives or takes there."""
    nodes = [node for node in system.nodes.values() if len(system.levels_of(node.network)) > 1]
    count = system.time.count
    nothing = np.full(count, np.nan)
    rows = [{"heat_level": n.name, "network": n.network, "title": n.title} for n in nodes]
    values = {
        "level_price": (
            _rows(nodes, lambda n: plan.prices.get(n.name, nothing), count),
            {"units": f"{system.currency}/MWh", "long_name": "marginal price of heat at the level"},
        ),
        "level_top": (_rows(nodes, lambda n: n.top, count), {"units": "degC"}),
        "level_bottom": (_rows(nodes, lambda n: n.bottom, count), {"units": "degC"}),
        "level_falling": (
            _rows(nodes, lambda n: plan.hourly[n.falling] if n.below else np.zeros(count), count),
            {"units": "MW", "long_name": "heat that falls to the level below"},
        ),
    }
    found = _block("heat_level", rows, values, ("network", "title"))
    parts = [(key, node, flow) for key, levels in plan.level_flows.items() for node, flow in levels.items()]
    part_rows = [
        {"landing": f"{'.'.join(key)}>{node}", "port": ".".join(key), "heat_level": node} for key, node, _ in parts
    ]
    flows = np.stack([flow for _, _, flow in parts]) if parts else np.zeros((0, count))
    attrs = {"units": "MW", "long_name": "flow of a port at one level"}
    offers = _rows(parts, lambda part: plan.level_offers.get(part[0], {}).get(part[1], nothing), count)
    on_offer = {"units": "MW", "long_name": "what a port could give at most at one level, where the plan chooses"}
    values = {"level_flow": (flows, attrs), "level_offer": (offers, on_offer)}
    return found | _block("landing", part_rows, values, ("port", "heat_level"))


def _bookings(system: System, plan: Plan) -> dict[str, Any]:
    rows = [
        {
            "component": b.component,
            "item": b.item,
            "effect": b.effect,
            "unit": b.unit,
            "every": b.every,
            "meaning": b.meaning,
            "paid_as": b.paid_as,
            "owner": system.components[b.component].owner or "",
            "carrier": _carrier(system, b.component),
            "title": system.components[b.component].title,
        }
        for b in plan.bookings
    ]
    amounts = np.array([b.amount for b in plan.bookings], float)
    effects = sorted({"cost", *(b.effect for b in plan.bookings)})
    table = np.zeros((len(system.components), len(effects)))
    order = {name: number for number, name in enumerate(system.components)}
    for booking in plan.bookings:
        table[order[booking.component], effects.index(booking.effect)] += booking.amount
    coordinates = _texts("booking", _columns(rows, _BOOKING_COORDINATES, "booking_"))
    return {
        "booking": ("booking", amounts, {"long_name": "amount over the horizon"}),
        **coordinates,
        "amount": (("component", "effect"), table, {"long_name": "amount over the horizon"}),
        "effect": ("effect", _text(effects)),
    }


def _measures(plan: Plan) -> dict[str, Any]:
    rows = [
        {"measure": ".".join(key), "component": key[0], "name": key[1], "unit": unit, "meaning": meaning}
        for key, (_, unit, meaning) in plan.measures.items()
    ]
    values = np.array([value for value, _, _ in plan.measures.values()], float)
    return _block("measure", rows, {"measured": (values, {})}, ("component", "name", "unit", "meaning"))


_PLACE = ("component", "type", "place", "owner", "title")
_PREFIXED = ("port", "port_component", "port_node", "port_name", "port_unit")
_FLOW_COORDINATES = ("name", "node", "network", "carrier", "unit", "direction", *_PLACE)
_BOOKING_COORDINATES = (
    "component", "item", "effect", "unit", "every", "meaning", "paid_as", "owner", "carrier", "title",
)  # fmt: skip
_LEVEL_COORDINATES = ("carrier", *_PLACE)


def _place(system: System, component: str) -> dict[str, str]:
    described = system.components[component]
    return {
        "component": component,
        "type": described.type_name(),
        "place": system.place_of(component),
        "owner": described.owner or "",
        "title": described.title,
    }


def _block(
    dimension: str,
    rows: Sequence[Mapping[str, str]],
    values: Mapping[str, tuple[Floats, Mapping[str, str]]],
    names: Iterable[str],
) -> dict[str, Any]:
    """Make the variables and coordinates of one dimension; coordinates carry its name as prefix."""
    found: dict[str, Any] = {dimension: (dimension, _text(row[dimension] for row in rows))}
    found |= _texts(dimension, _columns(rows, names, f"{dimension}_"))
    for name, (array, attrs) in values.items():
        dims = (dimension, "time") if array.ndim == 2 else (dimension,)
        found[name] = (dims, array, dict(attrs))
    return found


def _columns(rows: Sequence[Mapping[str, str]], names: Iterable[str], prefix: str) -> dict[str, NDArray[Any]]:
    return {prefix + name: _text(row[name] for row in rows) for name in names}


def _texts(dimension: str, columns: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    return {name: (dimension, values) for name, values in columns.items()}


def _text(words: Iterable[str]) -> NDArray[Any]:
    return np.array(list(words), dtype=str)


def _component_coordinates(system: System) -> dict[str, NDArray[Any]]:
    rows = [_place(system, name) for name in system.components]
    return {"component": _text(system.components)} | _columns(rows, ("type", "place", "owner", "title"), "component_")


def _stack(keys: Sequence[tuple[str, str]], values: Mapping[tuple[str, str], Floats], system: System) -> Floats:
    return np.stack([values[key] for key in keys]) if keys else np.zeros((0, system.time.count))


def _rows(nodes: Sequence[Any], pick: Callable[[Any], Floats], count: int) -> Floats:
    return np.stack([pick(node) for node in nodes]) if nodes else np.zeros((0, count))


def _variable_unit(system: System, key: tuple[str, str]) -> str:
    """Unit of a declared variable, dotted into its trait where it has one."""
    component = system.components[key[0]]
    field, _, name = key[1].rpartition(".")
    part = getattr(component, field) if field else component
    return part.variables()[name].unit


def _carrier(system: System, component: str) -> str:
    """Carrier of the first connected port that gives, else of the first connected one."""
    ports = system.components[component].ports()
    networks = {name: system.network_of(component, name) for name in ports}
    giving = [name for name, port in ports.items() if port.direction is Direction.OUT]
    return next((network.carrier for name in (*giving, *ports) if (network := networks[name]) is not None), "")


def _certificate(system: System, plan: Plan) -> dict[str, Any]:
    proof: Proof = plan.proof
    return {
        "holds": proof.holds,
        "tolerance": proof.tolerance,
        "claims_optimum": proof.claims_optimum,
        "rule": _finding(system, proof.rule),
        "balance": _finding(system, proof.balance),
        "range": _finding(system, proof.bound),
        "cost": proof.cost,
        "cost_mismatch": proof.cost_mismatch,
        "gap": proof.gap,
        "supposed": proof.supposed,
    }


def _finding(system: System, finding: Finding) -> dict[str, Any]:
    when = "" if finding.step is None else str(system.time.stamps[finding.step])
    return {"subject": finding.subject, "size": finding.size, "relative": finding.relative, "time": when}

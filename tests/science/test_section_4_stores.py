"""SCIENCE 4: what tanks and caverns hold and lose."""

import pytest

from energysim.traits.hydrogen import HHV, LHV, compression_work, cushion_gas, density, working_gas
from energysim.traits.tank import Tank

TANK = Tank(diameter=20.0, height=40.0, transmittance=0.25, hot=95.0, cold=50.0)


def test_t_4_1_tank() -> None:
    """T-4.1: volume, content and the three parts of the loss, to all digits given."""
    assert TANK.volume == pytest.approx(12566.37, abs=0.005)
    assert TANK.content == pytest.approx(639.603, abs=0.001)
    assert TANK.loss_of_level == pytest.approx(4.42060e-5, rel=1e-5)
    assert TANK.loss_of_content == pytest.approx(4.91178e-5, rel=1e-5)
    assert TANK.loss_of_ends == pytest.approx(0.0113883, abs=1e-7)


@pytest.mark.parametrize(("held", "loss"), [(0.0, 0.0428042), (0.5, 0.0569414), (1.0, 0.0710785)])
def test_t_4_1_loss_is_that_of_the_surface(held: float, loss: float) -> None:
    """T-4.1: at an empty, half and full tank, as by the surfaces themselves."""
    ours = TANK.loss_of_level * held * TANK.content + TANK.loss_of_content * TANK.content + TANK.loss_of_ends
    mantle, end = 3.141592653589793 * 20.0 * 40.0, 3.141592653589793 * 100.0
    surface = 0.25e-6 * (mantle * (held * 95.0 + (1.0 - held) * 50.0) + end * (95.0 + 50.0))

    assert ours == pytest.approx(loss, abs=1e-7)
    assert ours == pytest.approx(surface, rel=1e-9)


def test_t_4_6_density() -> None:
    """T-4.6: hydrogen at 20 degC."""
    assert float(density(200.0, 20.0)) == pytest.approx(14.7069, rel=1e-3)
    assert float(density(20.0, 20.0)) == pytest.approx(1.6347, rel=1e-3)


@pytest.mark.parametrize(
    ("volume", "lowest", "highest", "energy", "mass"),
    [(1e5, 20.0, 200.0, 43.57, 1307.0), (1e5, 20.0, 250.0, 54.09, 1623.0), (1.2e5, 50.0, 250.0, 55.39, 1662.0)],
)
def test_t_4_6_lined_rock_cavern(volume: float, lowest: float, highest: float, energy: float, mass: float) -> None:
    """T-4.6: the 100 GWh said of the full-size cavern are power to the electrolyser, not hydrogen."""
    held = working_gas(volume, lowest, highest, 20.0)

    assert held / 1000.0 == pytest.approx(energy, rel=1e-3)
    assert held / LHV == pytest.approx(mass, rel=1e-3)


def test_t_4_6_cushion() -> None:
    assert cushion_gas(1e5, 20.0, 20.0) / LHV == pytest.approx(163.0, abs=1.0)


def test_t_4_6_compression() -> None:
    """T-4.6: three cooled stages at 0.75; mean compressibility instead of a table of enthalpies, so within 2 %."""
    assert compression_work(30.0, 200.0) == pytest.approx(0.995, rel=0.02)
    assert compression_work(30.0, 250.0) == pytest.approx(1.133, rel=0.02)


@pytest.mark.parametrize(
    ("efficiency", "work", "heat"), [(0.62, 53.76, 0.2669), (0.66, 50.50, 0.2196), (0.70, 47.61, 0.1723)]
)
def test_t_4_6_heat_of_an_electrolyser(efficiency: float, work: float, heat: float) -> None:
    """T-4.6: by the higher heating value; one minus the efficiency would promise 0.38, 0.34 and 0.30."""
    assert pytest.approx(work, abs=0.01) == LHV / efficiency
    assert 1.0 - efficiency * HHV / LHV == pytest.approx(heat, abs=1e-4)

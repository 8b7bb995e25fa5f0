"""Autoregressive noise over years of hours, closed to a ring."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def autoregressive(count: int, memory: float, generator: np.random.Generator) -> Floats:
    """Unit-variance autoregressive noise on a ring, by Fourier transform. (hour,)"""
    kernel = _kernel(count, memory)
    noise = np.fft.irfft(np.fft.rfft(generator.normal(size=count)) * kernel, count)
    return np.asarray((noise - noise.mean()) / noise.std())


@lru_cache(maxsize=8)
def _kernel(count: int, memory: float) -> NDArray[np.complex128]:
    return np.asarray(np.fft.rfft(memory ** np.arange(count)))

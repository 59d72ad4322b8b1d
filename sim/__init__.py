"""channelsim: does profit per order rise or fall as a way of selling grows, why, and on which growth path?

Importing this package is cheap. Before anything compiled is loaded it points Numba's cache at a folder named
after the sources that are compiled: Numba stamps a cached function with the file that holds it and not with
the files it calls into, so a cache shared between versions would answer with old code without a word.
"""

from sim.compilation import prepare_cache

__version__ = "0.1.0"
__all__ = ["__version__"]

prepare_cache()

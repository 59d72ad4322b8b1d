"""The charts of the pages, one noun a file, and the list of those that the first page swaps in."""

from sim.ui.pictures.growth import BUCKETS, INCREMENTAL, PROFIT_BY_SIZE, VOLUME
from sim.ui.pictures.picture import Material, Picture
from sim.ui.pictures.waterfall import CHANGE
from sim.ui.pictures.year import MONEY, ORDERS, PROFIT, SERVICE, SOURCES

PICTURES: dict[str, Picture] = {
    one.name: one
    for one in (
        PROFIT,
        VOLUME,
        CHANGE,
        MONEY,
        ORDERS,
        SOURCES,
        SERVICE,
        PROFIT_BY_SIZE,
        INCREMENTAL,
        BUCKETS,
    )
}
"""Every chart of the first page by name; two are large, the others wait in the strip."""

__all__ = ["PICTURES", "Material", "Picture"]

"""The textbook limit of every mechanism, by area.

Each module describes one world in which its mechanisms have something to do (``WORLD``: scenario and
values set over it) and says what must hold between a run with everything on and one with a mechanism off
(``LIMITS``).
"""

from __future__ import annotations

from tests.world.limits import (
    calendar,
    channels,
    choice,
    claims_channels,
    claims_company,
    claims_scale,
    claims_traffic,
    fulfilment,
    pickup,
    traffic,
)

AREAS = (
    calendar,
    pickup,
    fulfilment,
    channels,
    choice,
    traffic,
    claims_scale,
    claims_traffic,
    claims_channels,
    claims_company,
)

"""A layer of pickup points at work: opening, losing attendants, finding new ones, keeping managers busy.

Other merchants' parcels are a load on places and hands and never entities. On a shared loss system the
numbers of own and other parcels are independent Poisson numbers under the condition that they fit (product
form, insensitive to the dwell law: Kaufman 1981). So every morning the places taken by others are drawn from
a Poisson law (mean: rate times dwell time) cut off at the room that the brand's own parcels leave. Since our
parcels then flow as on a shelf with the remaining places, drawing one given the other in turn keeps the joint
law, and by PASTA a parcel of ours is turned away exactly as often as among real parcels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.management.draws import from_law, poisson_number, poisson_quantiles
from sim.management.hierarchy import Hierarchy, exception_rate, hierarchy, payroll_per_month

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from sim.management.office import Office
    from sim.scenario.schema import PickupLayer

HOURS_PER_DAY = 24.0
HOURS_PER_MONTH = 730.0
DAYS_PER_MONTH = HOURS_PER_MONTH / HOURS_PER_DAY
DAYS_PER_YEAR = 365.0
ENDLESS_PLACES = 1_000_000_000
WORKDAY_START, WORKDAY_HOURS = 8.0, 10.0


class Layer:
    """State of one pickup layer during a run.

    Parameters
    ----------
    office
        Where decisions are made.
    name
        One of :data:`sim.scenario.segments.LAYERS`.
    nodes
        Index of each point's shelf in the flow network.
    place_of_point
        Place in which each point stands.
    place_density
        Demand of each place relative to the mean place.
    jobs, job_codes
        Entity classes of managers' jobs by kind, and their codes in the flow network.
    point_names
        Node names of the points.

    Attributes
    ----------
    opened, staffed
        Whether each point has been opened, and whether it has an attendant in post.
    pyramid
        Its managers.
    vacancy_days, point_days, open_point_days
        Totals since the start of measuring.
    background_parcels, background_exceptions
        Other merchants' parcels at open points and what went wrong with them, by period.
    exception_rate
        Share of parcels that go wrong at this size of the hierarchy.
    """

    def __init__(
        self,
        office: Office,
        name: str,
        *,
        nodes: np.ndarray,
        point_names: list[str],
        place_of_point: np.ndarray,
        place_density: np.ndarray,
        jobs: dict[str, str],
        job_codes: dict[str, int],
        sized_points: int | None = None,
    ) -> None:
        self.office = office
        self.name = name
        self.rules: PickupLayer = getattr(office.scenario.pickup, name)
        self.nodes = nodes
        self.point_names = point_names
        self.count = len(point_names)
        self.place_of_point = place_of_point
        self.place_density = place_density
        self.jobs = jobs
        self.job_codes = job_codes
        self.pyramid: Hierarchy = hierarchy(office.scenario, self.rules, sized_points or self.count)
        self.opened = np.ones(self.count, dtype=bool)
        self.staffed = np.ones(self.count, dtype=bool)
        self._untouched = True
        self.present = np.ones(self.count, dtype=bool)
        self.taken = np.zeros(self.count, dtype=np.int64)
        self.vacancy_days = 0.0
        self.point_days = 0.0
        self.background_parcels: dict[int, float] = {}
        self.background_exceptions: dict[int, float] = {}
        self.open_days = np.zeros(self.count)
        self._rented = 0.0
        self._settled = 0.0
        self._own_before = np.zeros(self.count)
        self._hires_asked = 0
        self._exceptions_today = 0
        self.exception_rate = exception_rate(office.scenario, self.rules, self.pyramid.survival)
        self._jobs_owed = dict.fromkeys(("visit", "pay_run"), 0.0)

    @property
    def open_points(self) -> int:
        """Points that have been opened."""
        return int(self.opened.sum())

    @property
    def staffed_points(self) -> int:
        """Points with an attendant in post."""
        return int(self.staffed.sum())

    def open_up_to(self, points: int) -> bool:
        """Open points in order until so many are open, and size the hierarchy for them.

        The first call finds a mature layer: its points are staffed. Later ones start with a vacancy.

        Returns
        -------
        bool
            Whether anything changed.
        """
        before = int(self.opened.sum())
        if not self._untouched and points <= before:
            return False
        if self._untouched:
            self.opened[points:] = False
            self.staffed[points:] = False
            self._untouched = False
        else:
            day = int(self.office.now // HOURS_PER_DAY)
            for point in range(before, points):
                self.opened[point] = True
                self.office.process(self._fill_vacancy(point, day))
        self.pyramid = hierarchy(self.office.scenario, self.rules, points)
        self.exception_rate = exception_rate(self.office.scenario, self.rules, self.pyramid.survival)
        if self.pyramid.heads:
            self.office.flow.set_servers(f"{self.name}_managers", self.pyramid.area_managers)
        self.office.flow.set_places(self.nodes, self._free_places())
        return True

    # -- daily life ------------------------------------------------------------------------------------------
    def run(self) -> Generator[simpy.Event, Any, None]:
        """Open every morning, count at midnight, settle at the end of the month."""
        office = self.office
        if self.pyramid.heads:
            office.flow.set_servers(f"{self.name}_managers", self.pyramid.area_managers)
        day = 0
        while True:
            self._lose_attendants(day)
            self._open(day)
            self._give_jobs(day)
            yield office.timeout_until((day + 1) * HOURS_PER_DAY)
            self._count_day(day)
            if office.settling:
                self._settle()
            day += 1

    def _uniform(self, purpose: str, day: int) -> np.ndarray:
        return self.office.luck_of_each(f"{self.name} {purpose}", day, self.count)

    def _lose_attendants(self, day: int) -> None:
        if not self.office.scenario.mechanisms.attrition or self.rules.attrition_per_month == 0:
            return
        daily = 1.0 - (1.0 - self.rules.attrition_per_month) ** (1.0 / DAYS_PER_MONTH)
        leaving = self.staffed & (self._uniform("leaves", day) < daily)
        for point in np.flatnonzero(leaving):
            self.staffed[point] = False
            self.office.process(self._fill_vacancy(int(point), day))

    def _open(self, day: int) -> None:
        mechanisms, rules = self.office.scenario.mechanisms, self.rules
        if mechanisms.absence and rules.absence_rate > 0:
            self.present = self._uniform("absent", day) >= rules.absence_rate
        if self._shares_shelves():
            mean = rules.background_parcels_per_point_day * rules.dwell_hours.mean / HOURS_PER_DAY
            room = rules.shelf_places - self.office.flow.readings(self.nodes, "inside")
            self.taken = _poisson_up_to(self._uniform("background", day), mean, np.maximum(room, 0.0))
        self.office.flow.set_places(self.nodes, self._free_places())

    def _shares_shelves(self) -> bool:
        mechanisms = self.office.scenario.mechanisms
        return (
            mechanisms.background_load
            and mechanisms.shelf_limit
            and self.rules.background_parcels_per_point_day > 0
        )

    def _free_places(self) -> np.ndarray:
        if self.office.scenario.mechanisms.shelf_limit:
            free = np.maximum(self.rules.shelf_places - self.taken, 0)
        else:
            free = np.full(self.count, ENDLESS_PLACES)
        return np.where(self.staffed & self.present, free, 0)

    def _count_day(self, day: int) -> None:
        office, rules = self.office, self.rules
        opened = self.staffed & self.present
        self.open_days += opened
        if office.measuring:
            self.vacancy_days += self.open_points - self.staffed_points
            self.point_days += self.open_points
        self._rented += self.open_points
        period = office.period
        if office.scenario.mechanisms.background_load and rules.background_parcels_per_point_day > 0:
            mean = rules.background_parcels_per_point_day * opened.sum()
            came = float(poisson_number(office.luck(f"{self.name} background parcels", day), mean))
            self.background_parcels[period] = self.background_parcels.get(period, 0.0) + came
            done = self.background_exceptions.get(period, 0.0) + self._exceptions_today
            self.background_exceptions[period] = done

    # -- hiring ----------------------------------------------------------------------------------------------
    def _fill_vacancy(self, point: int, day: int) -> Generator[simpy.Event, Any, None]:
        office, rules = self.office, self.rules
        if self.pyramid.heads:
            self._hires_asked += 1
            asked = self._hires_asked
            office.flow.hand_in(
                f"{self.name}_jobs", np.array([office.now]), classes=np.array([self.job_codes["hire"]])
            )
            if office.scenario.mechanisms.hiring_friction:
                yield office.count_reaches(f"{self.jobs['hire']}_done", asked)
        if office.scenario.mechanisms.hiring_friction:
            search = from_law(rules.recruiting_days, office, f"{self.name} search", point, day)
            factor = self._scarcity(point)
            if factor is None:
                return
            yield office.timeout(search * factor * HOURS_PER_DAY)
        self.staffed[point] = True
        office.flow.set_places(self.nodes[point : point + 1], self._free_places()[point : point + 1])
        office.payroll.pay("pickup_hiring", 1.0, rules.hire_cost, self.name)

    def _scarcity(self, point: int) -> float | None:
        """Return how much longer a search takes where part of the labour pool has the job already.

        Candidates turn up in proportion to those who would take the job and do not have it yet; None where
        nobody is left.
        """
        if not self.office.scenario.mechanisms.labour_pool:
            return 1.0
        place = self.place_of_point[point]
        pool = self.rules.labour_pool_per_place * self.place_density[place]
        employed = int((self.staffed & (self.place_of_point == place)).sum())
        return pool / (pool - employed) if pool > employed else None

    # -- managers' work --------------------------------------------------------------------------------------
    def _give_jobs(self, day: int) -> None:
        self._draw_background_exceptions(day)
        if not self.pyramid.heads:
            return
        self._hand_in("exception", self._exceptions_today, day)
        supervision = self.rules.supervision
        assert supervision is not None, "managers belong to a layer that says what they do"
        monthly = {"visit": supervision.visits_per_point_month, "pay_run": 1.0}
        for job, per_month in monthly.items():
            self._jobs_owed[job] += self.open_points * per_month / DAYS_PER_MONTH
            number = int(self._jobs_owed[job])
            self._jobs_owed[job] -= number
            self._hand_in(job, number, day)

    def _draw_background_exceptions(self, day: int) -> None:
        self._exceptions_today = 0
        if self.office.scenario.mechanisms.background_load and self.exception_rate > 0:
            opened = float((self.staffed & self.present).sum())
            mean = self.rules.background_parcels_per_point_day * self.exception_rate * opened
            luck = self.office.luck(f"{self.name} background exceptions", day)
            self._exceptions_today = poisson_number(luck, mean)

    def _hand_in(self, job: str, number: int, day: int) -> None:
        if number <= 0:
            return
        office = self.office
        luck = office.luck_of_each(f"{self.name} {job} moment", day, number)
        times = np.sort(office.now + WORKDAY_START + WORKDAY_HOURS * luck)
        office.flow.hand_in(f"{self.name}_jobs", times, classes=np.full(number, self.job_codes[job]))

    # -- month end -------------------------------------------------------------------------------------------
    def _settle(self) -> None:
        """Pay rents, wear, attendants and managers for the days since the last settlement."""
        office, rules = self.office, self.rules
        own = office.flow.readings(self.nodes, "count")
        came, self._own_before = own - self._own_before, own
        background = (
            rules.background_parcels_per_point_day if office.scenario.mechanisms.background_load else 0.0
        )
        handing_over = (came + background * self.open_days) * rules.handover_minutes / 60.0
        paid = np.maximum(rules.attendant_hours_per_day * self.open_days, handing_over)
        self.open_days = np.zeros(self.count)
        office.payroll.pay("pickup_attendants", float(paid.sum()), rules.attendant_wage_per_hour, self.name)
        office.payroll.pay("pickup_sites", self._rented, rules.site_fee_per_day, self.name)
        yearly = {
            "pickup_capital": rules.capital_per_point / rules.life_years,
            "pickup_running": rules.running_cost_per_point_year,
        }
        for account, yuan in yearly.items():
            if yuan > 0:
                office.payroll.pay(account, self._rented, yuan / DAYS_PER_YEAR, self.name)
        self._rented = 0.0
        months = (office.now - self._settled) / HOURS_PER_MONTH
        self._settled = office.now
        if rules.supervision is not None:
            office.payroll.pay(
                "pickup_supervision", months, payroll_per_month(rules.supervision, self.pyramid), self.name
            )


def _poisson_up_to(u: np.ndarray, mean: float, most: np.ndarray) -> np.ndarray:
    """Return quantiles of Poisson numbers under the condition that they do not exceed ``most``."""
    from scipy.special import pdtr

    if mean <= 0:
        return np.zeros(u.size, dtype=np.int64)
    found = poisson_quantiles(u * pdtr(most, mean), mean)
    return np.minimum(found, most.astype(np.int64))

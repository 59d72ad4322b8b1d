"""Facts about lockers, partner shops and the people in between."""

from __future__ import annotations

from dataclasses import dataclass

from sim.experiment.facts.fact import Beside, CannotTellError, Evidence, Fact, MissError, Number, Reading
from sim.experiment.facts.reading import over_worlds
from sim.experiment.facts.worlds import World, described, unshared_layer
from sim.scenario.segments import open_layers

FEW, MANY = 1.0, 4.0
MONTHS = 12


@dataclass(frozen=True)
class _BreakEven:
    """Parcels per point and day at which a layer costs what the door costs.

    Without other merchants' parcels the layer's cost is a straight line in its parcels, as long as neither
    managers nor shelves run out: from two volumes follow cost per point-day and cost per parcel, and with the
    door's trips the volume at which they meet.
    """

    scenario: str

    @property
    def worlds(self) -> tuple[World, World]:
        return unshared_layer(self.scenario, FEW), unshared_layer(self.scenario, MANY)

    def __call__(self, evidence: Evidence) -> Reading:
        values, fixed, each = [], [], []
        world = evidence.scenarios[self.worlds[0]]
        for few, many in over_worlds(evidence, self.worlds):
            if any("layer_cost" not in run.kpis or not run.kpis.get("layer_parcels") for run in (few, many)):
                raise CannotTellError(f"nothing is collected in scenario '{self.scenario}'")
            parcels = [run.kpis["layer_parcels"] for run in (few, many)]
            costs = [run.kpis["layer_cost"] for run in (few, many)]
            if parcels[1] <= parcels[0]:
                raise CannotTellError("more demand brought no more parcels")
            per_parcel = (costs[1] - costs[0]) / (parcels[1] - parcels[0])
            per_day = (costs[0] - per_parcel * parcels[0]) / (few.kpis["points"] * world.horizon.days)
            door = few.kpis.get("door_last_mile_per_parcel")
            if door is None:
                raise CannotTellError(f"nothing goes to the door in scenario '{self.scenario}'")
            if door <= per_parcel:
                raise MissError(f"a parcel costs {per_parcel:.2f} yuan there and {door:.2f} to the door")
            values.append(per_day / (door - per_parcel))
            fixed.append(per_day)
            each.append(per_parcel)
        beside = (
            Beside("a point's day without a parcel", fixed, "yuan/point-day"),
            Beside("one parcel more", each, "yuan/parcel"),
        )
        return Reading(values, beside)


def _leavers(evidence: Evidence) -> Reading:
    scenario = evidence.scenarios[described("community_pickup")]
    layers = open_layers(scenario)
    if not layers:
        raise CannotTellError("scenario 'community_pickup' has no pickup layer")
    monthly = getattr(scenario.pickup, layers[0]).attrition_per_month
    return Reading([1.0 - (1.0 - monthly) ** MONTHS])


LOCKER, PARTNER = _BreakEven("lockers"), _BreakEven("partner_pickup")
_HOW = (
    " for a quarter, without other merchants' parcels, at 1 and 4 times its demand: cost per point-day"
    " and per parcel, and the parcels per point-day at which both together cost what trips to the door"
    " cost."
)

FACTS = (
    Fact(
        id="locker_break_even",
        sentence="Cabinets carried about 9 parcels a day in 2015 and 40 in 2019, and the largest"
        " operator lost money until 2024.",
        numbers=(
            Number("all cabinets 2015", 200e6 / 60_000 / 365, "parcels/cabinet-day"),
            Number("Hive Box 2019", 2.5e9 / 170_000 / 365, "parcels/cabinet-day"),
        ),
        band=(25.0, 60.0),
        unit="parcels/point-day",
        why_band="9 a day did not pay and 40 a day hardly did: the volume a cabinet needs lies around 40",
        sources=(
            "https://chinainternetwatch.com/16856/china-20-6-billion-couriers-2015",
            "https://thechinaproject.com/2020/05/11/chinas-largest-smart-locker-company-hive-box-faces-boycott-from-customers-after-ending-free-services",
            "https://top168.com/news/show-337265.html",
        ),
        grade="B",
        measured=f"Scenario lockers{_HOW}",
        worlds=LOCKER.worlds,
        read=LOCKER,
    ),
    Fact(
        id="partner_break_even",
        sentence="A partner shop of JD handled two or three parcels a day after more than a year; parcel"
        " stations live on 150 to 800.",
        numbers=(
            Number("JD's shop", 2.5, "parcels/day"),
            Number("small station", 150.0, "parcels/day"),
            Number("large station", 800.0, "parcels/day"),
        ),
        band=(2.0, 150.0),
        unit="parcels/point-day",
        why_band="above what did not catch on, below what a business lives on",
        sources=(
            "https://topic.alibabacloud.com/article/quotdoor-to-doorquot-service-is-still-the-mainstream-from-the-customary-short-term-hard-to-get-into_2_6_4320.html",
            "https://ducksell.com/p/40651.html",
        ),
        grade="C",
        measured=f"Scenario partner_pickup{_HOW}",
        worlds=PARTNER.worlds,
        read=PARTNER,
    ),
    Fact(
        id="people_who_leave",
        sentence="About 40% of couriers quit within a year; about half of a platform's drivers are gone"
        " after twelve months.",
        numbers=(Number("couriers, China", 0.40, "share"), Number("drivers, United States", 0.50, "share")),
        band=(0.30, 0.65),
        unit="share",
        why_band="30-60% for couriers, 35-65% for occasional work",
        sources=(
            "http://www.straitstimes.com/asia/east-asia/majority-work-seven-days-a-week-survey",
            "http://s3.documentcloud.org/documents/1507970/uberstudy.txt",
        ),
        grade="A",
        measured="Scenario community_pickup: chance that an attendant leaves within twelve months, read"
        " off the monthly chance, without a simulation.",
        worlds=(described("community_pickup"),),
        read=_leavers,
        tuned=("pickup.community.attrition_per_month",),
        is_read_off=True,
    ),
)
"""Facts of this area."""

"""Switches of every effect."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.schema.parts import Part, Switch


class Mechanisms(Part):
    """Switches. Off means the textbook limit in which the effect is absent."""

    seasonality: Switch = Field(
        True, description="Demand varies over hour, weekday, month and peak; off: constant."
    )
    ad_auction: Switch = Field(
        True, description="Dearer traffic the more is bought; off: the flat price per visit."
    )
    delivery_sensitivity: Switch = Field(True, description="Slow delivery costs orders; off: it does not.")
    repurchase: Switch = Field(True, description="Satisfied buyers come back; off: nobody does.")
    purchase_tiers: Switch = Field(True, description="Suppliers' quantity breaks; off: the reference price.")
    tariff_tiers: Switch = Field(
        True, description="Couriers' quantity breaks; off: the first tier's price at any volume."
    )
    staff_queues: Switch = Field(
        True, description="Finite packers and agents in whole persons; off: work never waits."
    )
    failed_delivery: Switch = Field(
        True, description="Trips to the door fail; off: every first trip succeeds."
    )
    handover_breakage: Switch = Field(
        True, description="Each pair of hands may break goods; off: nothing breaks."
    )
    returns: Switch = Field(True, description="Orders come back; off: none does.")
    service_contacts: Switch = Field(True, description="Orders cause service contacts; off: none does.")
    marginal_sites: Switch = Field(True, description="Places differ in density, best first; off: all alike.")
    labour_pool: Switch = Field(
        True, description="Hiring slows as a place's pool is used up; off: endless supply."
    )
    hiring_friction: Switch = Field(True, description="Vacancies last; off: filled at once.")
    attrition: Switch = Field(True, description="Attendants leave; off: they stay.")
    absence: Switch = Field(True, description="Points stay shut on some days; off: never.")
    supervision: Switch = Field(True, description="Area managers are needed; off: points run by themselves.")
    control_loss: Switch = Field(True, description="Intent fades with every level; off: it arrives whole.")
    exceptions: Switch = Field(True, description="Parcels go missing or are disputed; off: none is.")
    shelf_limit: Switch = Field(True, description="A point has limited places; off: endless shelves.")
    background_load: Switch = Field(
        True, description="Other merchants share the points; off: the brand is alone."
    )
    promotion: Switch = Field(True, description="Attendants bring orders; off: they do not.")
    walk_penalty: Switch = Field(True, description="Having to walk costs repurchase; off: it does not.")

"""Switches of every effect."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.schema.parts import Part, Switch


class Mechanisms(Part):
    """Switches. Off means the textbook limit in which the effect is absent."""

    seasonality: Switch = Field(
        True, description="Demand varies over hour, weekday, month and peak; off: constant."
    )
    promotion_days: Switch = Field(
        True,
        description="Promotion days bring other visitors, readier to buy, at a discount; off: more visits.",
    )
    ad_auction: Switch = Field(
        True, description="Dearer traffic the more is bought; off: the flat price per visit."
    )
    delivery_sensitivity: Switch = Field(True, description="Slow delivery costs orders; off: it does not.")
    repurchase: Switch = Field(True, description="Satisfied buyers come back; off: nobody does.")
    pre_sale_chats: Switch = Field(
        True, description="Some want an answer before they buy; off: they buy without."
    )
    return_visits: Switch = Field(True, description="Those who leave look again later; off: nobody does.")
    cross_channel: Switch = Field(
        True, description="Some look in one channel and buy in another; off: they stay where they are."
    )
    price_gap: Switch = Field(
        True,
        description="A store dearer than the brand's web shops loses buyers to them; off: nobody compares.",
    )
    reviews: Switch = Field(
        True, description="Ratings and their number move the odds of buying; off: they do not."
    )
    earned_trust: Switch = Field(
        True, description="An own mall must earn trust; off: it is trusted like a platform."
    )
    experience: Switch = Field(
        True,
        description="Choice, content and ease of use decay unless looked after; off: they stay for nothing.",
    )
    own_data: Switch = Field(
        True, description="An own mall's customer data make its offers better; off: they do not."
    )
    rivals: Switch = Field(True, description="Rivals follow price cuts; off: their prices stay.")
    brand_equity: Switch = Field(
        True, description="Low prices wear the brand's name down; off: they leave no trace."
    )
    category_trust: Switch = Field(
        True, description="Bad orders of any seller make shoppers wary of all; off: they are wary of nobody."
    )
    rule_craft: Switch = Field(
        True, description="Skill in a platform's rules brings visits until they change; off: none is needed."
    )
    admission: Switch = Field(
        True, description="A filter keeps bargain seekers out, and some regulars; off: everybody may buy."
    )
    source_drift: Switch = Field(
        True, description="What bought visits are worth wanders; off: it stays what the scenario says."
    )
    dealer_exit: Switch = Field(
        True, description="Dealers who earn too little close their stores; off: they stay."
    )
    store_capacity: Switch = Field(
        True, description="Store staff look after so many visitors an hour; off: nobody walks out unserved."
    )
    it_capacity: Switch = Field(
        True,
        description="Servers of a fixed size turn visits away and cost as much idle; off: as many as needed.",
    )
    platform_take: Switch = Field(
        True, description="A platform raises its terms as the brand depends on it; off: they stay."
    )
    budget_review: Switch = Field(
        True, description="Budgets follow what sources earned; off: they stay as planned."
    )
    quality_projects: Switch = Field(
        True, description="Projects prevent causes of complaints, for money; off: causes stay as they are."
    )
    team_skill: Switch = Field(
        True,
        description="Shops are run as well as people are paid and trained; off: always well enough.",
    )
    integration: Switch = Field(
        True,
        description="Departments without a common system hear of sales late; off: at once, for nothing.",
    )
    stock_ageing: Switch = Field(True, description="Goods lose value on the shelf; off: they keep it.")
    step_costs: Switch = Field(True, description="Fixed cost grows in lumps with volume; off: it does not.")
    coordination: Switch = Field(
        True, description="Head office needs managers above teams; off: teams run by themselves."
    )
    cash_limit: Switch = Field(
        True, description="The bank allows so much overdraft and charges for it; off: money is unlimited."
    )
    ranking: Switch = Field(
        True, description="Platform search follows recent sales; off: the place in the list never moves."
    )
    awareness: Switch = Field(
        True, description="Who has seen the brand comes later; off: a visit that ends leaves nothing behind."
    )
    word_of_mouth: Switch = Field(True, description="Buyers tell others; off: nobody talks.")
    email_fatigue: Switch = Field(
        True, description="Mails tire their readers, who then leave; off: every mail is read like the first."
    )
    print_hop: Switch = Field(
        True,
        description="Readers get lost between paper and web, and print ages; off: it works like a link.",
    )
    rebate_drift: Switch = Field(
        True, description="A rebate alliance uses that the brand depends on it; off: its terms stay."
    )
    pull_forward: Switch = Field(
        True, description="Campaign days take visits from the days around them; off: from all days alike."
    )
    traffic_prices: Switch = Field(
        True, description="Auctioned visits get dearer over time and on campaign days; off: they do not."
    )
    purchase_tiers: Switch = Field(True, description="Suppliers' quantity breaks; off: the reference price.")
    tariff_tiers: Switch = Field(
        True, description="Couriers' quantity breaks; off: the first tier's price at any volume."
    )
    staff_queues: Switch = Field(
        True, description="Finite packers and agents in whole persons; off: work never waits."
    )
    learning: Switch = Field(
        True, description="Packers get quicker with what the firm has packed; off: they do not."
    )
    picking_errors: Switch = Field(
        True, description="Parcels are packed wrong or short; off: every parcel is right."
    )
    courier_overload: Switch = Field(
        True, description="A shared courier network is full on peak days; off: it carries any number."
    )
    tour_density: Switch = Field(
        True, description="Own vans make tours; off: each stop is a trip out and back."
    )
    installation: Switch = Field(
        True, description="Crews install what was delivered; off: customers do it by themselves."
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
    promotion: Switch = Field(True, description="Those who hand parcels over sell as well; off: they do not.")
    promotion_crowding: Switch = Field(
        True, description="Those who promote in one place share its buyers; off: each wins as many as alone."
    )
    walk_penalty: Switch = Field(True, description="Having to walk costs repurchase; off: it does not.")

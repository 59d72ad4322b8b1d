"""Who comes, from where, when, and how readily they buy."""

from __future__ import annotations

from pydantic import Field, model_validator

from sim.scenario.schema.dealers import PriceGap
from sim.scenario.schema.parts import DAYS_PER_YEAR, Law, Number, Part, Whole, field
from sim.scenario.schema.shoppers import (
    CrossChannel,
    EarnedTrust,
    Experience,
    OwnData,
    ReturnVisits,
    Reviews,
    Rivals,
)
from sim.scenario.schema.standing import BrandEquity, CategoryTrust, RuleCraft
from sim.scenario.schema.traffic import (
    Awareness,
    MailList,
    PrintMedia,
    PullForward,
    Ranking,
    RebateTerms,
    TrafficPrices,
    WordOfMouth,
)
from sim.scenario.schema.visit_quality import Admission, SourceDrift

HIGHEST_PEAK_SHARE = 0.95
HIGHEST_WEIGHT = 1e6
"""Most of a year's visits that its top days together may hold."""


class Peak(Part):
    """Concentration of the year's demand in a few days such as Double 11, and what is promised on them.

    The first day is the promotion in full strength; each further day has ``fade`` times the strength of the
    day before, in visits above an ordinary day, in the pull on buyers and in the price taken off.
    """

    first_day: Whole = field("First day of the peak, counted from 1 January.", "day of year", ge=1, le=365)
    days: Whole = field("Length of the peak.", "days", ge=1, le=60)
    share: Number = field(
        "Share of the year's visits that falls in the peak.", "share", basic=True, ge=0, le=0.9
    )
    fade: Number = field(
        "Strength of the promotion on each further day relative to the day before.",
        "ratio",
        default=1.0,
        ge=0,
        le=1,
    )
    intensity: Number = field(
        "How far the first day goes towards each source's traffic of promotion days.",
        "share",
        default=1.0,
        ge=0,
        le=1,
    )
    discount: Number = field(
        "Share taken off the price in the brand's online shops on the first day.",
        "share",
        role="lever",
        default=0.0,
        ge=0,
        le=0.9,
    )

    @property
    def dates(self) -> range:
        """Days of the year, counted from 1 January as 1."""
        return range(self.first_day, self.first_day + self.days)

    @model_validator(mode="after")
    def _within_the_year(self) -> Peak:
        if self.first_day + self.days - 1 > DAYS_PER_YEAR:
            raise ValueError(
                f"days ({self.days}) from first_day ({self.first_day}) on end after the year's last day, 365"
            )
        return self


class VisitorType(Part):
    """One kind of visitor, relative to the reference visitor of each source."""

    conversion: Number = field("Conversion rate relative to the source's own.", "ratio", ge=0, le=20)
    basket: Number = field("Basket value relative to the channel's own.", "ratio", gt=0, le=20)
    returns: Number = field("Return rate relative to the product's own.", "ratio", ge=0, le=10)
    repurchase: Number = field("Repurchase probability relative to the market's own.", "ratio", ge=0, le=10)
    price_sensitivity: Number = field(
        "Effect of price on the odds of buying relative to the market's own.",
        "ratio",
        default=1.0,
        ge=0,
        le=5,
    )
    content_sensitivity: Number = field(
        "Effect of choice, content and ease of use on the odds of buying relative to the market's own.",
        "ratio",
        default=1.0,
        ge=0,
        le=5,
    )


class VisitorTypes(Part):
    """The six kinds of visitors; those left out do not come."""

    planner: VisitorType | None = Field(None, description="Plans a renovation and compares with care.")
    replacer: VisitorType | None = Field(None, description="Replaces a lamp that broke.")
    hesitater: VisitorType | None = Field(None, description="Wants to buy but needs an answer first.")
    deal_hunter: VisitorType | None = Field(None, description="Buys deep discounts only.")
    gift_collector: VisitorType | None = Field(None, description="Comes for free gifts.")
    trade_buyer: VisitorType | None = Field(None, description="Electrician or fitter who buys for work.")


class Mix(Part):
    """Weights of visitor types in a source's traffic; they are normalised to sum to one."""

    planner: Number = field("Weight of planners.", "weight", default=0.0, ge=0, le=1)
    replacer: Number = field("Weight of replacers.", "weight", default=0.0, ge=0, le=1)
    hesitater: Number = field("Weight of hesitaters.", "weight", default=0.0, ge=0, le=1)
    deal_hunter: Number = field("Weight of deal hunters.", "weight", default=0.0, ge=0, le=1)
    gift_collector: Number = field("Weight of gift collectors.", "weight", default=0.0, ge=0, le=1)
    trade_buyer: Number = field("Weight of trade buyers.", "weight", default=0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _some_visitors(self) -> Mix:
        if sum(getattr(self, name) for name in type(self).model_fields) <= 0:
            raise ValueError("at least one visitor type needs a weight above zero")
        return self


class Landing(Part):
    """Weights of the channels a source's visitors land on; they are normalised to sum to one."""

    stores: Number = field("Weight of physical stores.", "weight", default=0.0, ge=0, le=1)
    tmall: Number = field("Weight of the Tmall flagship store.", "weight", default=0.0, ge=0, le=1)
    vertical: Number = field("Weight of the vertical lighting platform.", "weight", default=0.0, ge=0, le=1)
    mall: Number = field("Weight of the self-built mall.", "weight", default=0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _some_channel(self) -> Landing:
        if sum(getattr(self, name) for name in type(self).model_fields) <= 0:
            raise ValueError("at least one channel needs a weight above zero")
        return self


class Auction(Part):
    """A limited stock of paid visits sold to the highest bidder; the winner pays the best rival bid.

    Buying a larger share of the stock takes a higher bid, which wins visits that rivals wanted more: the
    price of traffic rises with the amount bought because of the rivals, not because of a formula in
    volume.
    """

    inventory_visits_per_year: Number = field(
        "Paid visits on sale to all bidders together.", "visits/year", gt=0, le=1e11
    )
    rival_bid: Law = field("Best rival bid for one visit.", "yuan/visit")


class Source(Part):
    """One traffic source: how many come, who they are, what they cost, how often they buy."""

    visits_per_year: Number = field(
        "Visits in a year of the scenario's own demand.",
        "visits/year",
        role="lever",
        basic=True,
        ge=0,
        le=1e10,
    )
    conversion_rate: Number = field(
        "Orders per visit at reference price and service.", "share", basic=True, ge=0, le=0.95
    )
    cost_per_visit: Number = field("Price of one visit (click).", "yuan/visit", default=0.0, ge=0, le=1000)
    commission_on_sales: Number = field(
        "Share of sales paid to whoever sent the buyer.", "share", default=0.0, ge=0, le=0.9
    )
    mix: Mix = Field(description="Who comes from here.")
    mix_at_peak: Mix | None = Field(
        None, description="Who comes from here on promotion days; none: the same people."
    )
    peak_conversion: Number = field(
        "Odds of buying on a promotion day relative to other days, the day's discount apart.",
        "ratio",
        default=1.0,
        gt=0,
        le=100,
    )
    landing: Landing = Field(description="Where they arrive.")
    auction: Auction | None = Field(None, description="How the price of a visit forms; none: a flat price.")
    why: str = Field(
        "",
        description="Why visits are bought that cost more than they bring; it changes no digit.",
        max_length=300,
    )


class Sources(Part):
    """The ten traffic sources; those left out bring nobody."""

    platform_search: Source | None = Field(None, description="Unpaid search inside the platform.")
    platform_ads: Source | None = Field(None, description="Paid search inside the platform.")
    rebate_alliance: Source | None = Field(None, description="Cash-back and commission sites.")
    search_engine: Source | None = Field(None, description="Web search, paid and natural.")
    navigation_portal: Source | None = Field(None, description="Navigation pages and portals.")
    game_video: Source | None = Field(None, description="Game and video sites.")
    email: Source | None = Field(None, description="E-mail to own customers.")
    word_of_mouth: Source | None = Field(None, description="Recommendations by buyers.")
    posters: Source | None = Field(None, description="Posters and catalogues.")
    store_footfall: Source | None = Field(None, description="People who walk into a store.")

    @model_validator(mode="after")
    def _somebody_comes(self) -> Sources:
        if all(getattr(self, name) is None for name in type(self).model_fields):
            raise ValueError("sources needs at least one source of visitors")
        return self


class Repurchase(Part):
    """Buyers who come back without being bought again."""

    probability: Number = field(
        "Share of kept orders followed by another one.", "share", basic=True, ge=0, le=0.9
    )
    mean_days: Number = field("Mean time until the next order.", "days", gt=0, le=3650)


class Market(Part):
    """Who comes, from where, when, and how readily they buy."""

    places: Whole = field(
        "Places (districts) in which the brand sells, densest first.",
        "places",
        role="lever",
        basic=True,
        ge=1,
        le=100_000,
    )
    potential_places: Whole = field("All places the brand could sell in.", "places", ge=1, le=1_000_000)
    place_density_cv: Number = field(
        "Spread of demand over places (coefficient of variation, lognormal).", "ratio", ge=0, le=5
    )
    hour_profile: list[Number] = field(
        "Relative demand by hour of the day.", "weight", min_length=24, max_length=24
    )
    weekday_profile: list[Number] = field(
        "Relative demand by weekday, Monday first.", "weight", min_length=7, max_length=7
    )
    month_profile: list[Number] = field(
        "Relative demand by month, January first.", "weight", min_length=12, max_length=12
    )
    peak: Peak = Field(description="The year's top days, Double 11.")
    second_peak: Peak | None = Field(None, description="Further top days of the year, such as 18 June.")
    price_elasticity: Number = field(
        "Change of the log-odds of buying per unit of log price.", "ratio", basic=True, ge=-10, le=0
    )
    wait_sensitivity: Number = field(
        "Fall of the log-odds of buying per day of delivery time above the reference.", "1/day", ge=0, le=1
    )
    reference_delivery_days: Number = field(
        "Delivery time at which the conversion rates were measured.", "days", ge=0, le=60
    )
    repurchase: Repurchase = Field(description="Buyers who come back.")
    return_visits: ReturnVisits | None = Field(
        None, description="Visitors who look again later; none: each comes once."
    )
    cross_channel: CrossChannel | None = Field(
        None, description="Looking in one channel and buying in another; none: nobody does."
    )
    price_gap: PriceGap | None = Field(
        None, description="What a store's shoppers do who find it cheaper on the web; none: nobody compares."
    )
    reviews: Reviews | None = Field(None, description="What earlier buyers say; none: nobody reads it.")
    earned_trust: EarnedTrust | None = Field(
        None, description="Trust that an own mall must earn; none: it is trusted like a platform."
    )
    experience: Experience | None = Field(
        None, description="The shopping experience as a whole; none: it does not change."
    )
    own_data: OwnData | None = Field(
        None, description="What an own mall learns of its customers; none: nothing."
    )
    rivals: Rivals | None = Field(None, description="Competitors who follow prices; none: they stay.")
    brand_equity: BrandEquity | None = Field(
        None, description="What low prices do to the brand's name; none: nothing."
    )
    category_trust: CategoryTrust | None = Field(
        None, description="What shoppers think of all sellers together; none: nothing."
    )
    rule_craft: RuleCraft | None = Field(
        None, description="Skill in a platform's rules; none: it is not needed."
    )
    admission: Admission | None = Field(
        None, description="Whom shops on the web refuse an offer; none: nobody."
    )
    source_drift: SourceDrift | None = Field(
        None, description="How what bought visits are worth wanders; none: it stays."
    )
    visitor_types: VisitorTypes = Field(description="Kinds of visitors.")
    sources: Sources = Field(description="Traffic sources.")
    ranking: Ranking | None = Field(
        None, description="Platform search sorted by sales; none: places never move."
    )
    awareness: Awareness | None = Field(
        None, description="People who saw the brand and come later; none: nobody."
    )
    word_of_mouth: WordOfMouth | None = Field(None, description="Buyers who tell others; none: nobody does.")
    email: MailList | None = Field(
        None, description="Mails to customers; none: visits from e-mail come as planned, at a flat price."
    )
    print_media: PrintMedia | None = Field(
        None, description="Print behind posters and catalogues; none: visits come as planned."
    )
    rebate: RebateTerms | None = Field(
        None, description="How the rebate alliance's terms move; none: they stay."
    )
    pull_forward: PullForward | None = Field(
        None, description="Where the visits of campaign days come from; none: evenly from all other days."
    )
    traffic_prices: TrafficPrices | None = Field(
        None, description="How prices of auctioned visits move over time; none: they stay."
    )

    @model_validator(mode="after")
    def _profiles_and_places(self) -> Market:
        for name in ("hour_profile", "weekday_profile", "month_profile"):
            weights = getattr(self, name)
            if min(weights) < 0 or sum(weights) <= 0:
                raise ValueError(f"{name} needs weights of at least 0 with a sum above 0")
            if max(weights) > HIGHEST_WEIGHT:
                raise ValueError(
                    f"{name} needs weights of at most {HIGHEST_WEIGHT:,.0f}: only their ratios count"
                )
        second = self.second_peak
        if second is not None:
            if set(self.peak.dates) & set(second.dates):
                raise ValueError(
                    f"second_peak (days {second.dates.start} to {second.dates[-1]}) overlaps peak"
                    f" (days {self.peak.dates.start} to {self.peak.dates[-1]})"
                )
            if self.peak.share + second.share > HIGHEST_PEAK_SHARE:
                raise ValueError(
                    f"peak.share ({self.peak.share:g}) and second_peak.share ({second.share:g})"
                    f" together exceed {HIGHEST_PEAK_SHARE:g}"
                )
        if self.potential_places < self.places:
            raise ValueError(
                f"potential_places ({self.potential_places}) cannot be below places ({self.places})"
            )
        return self

"""A brand that hardly anybody visits: its weeks are simulated in no time."""

FEW_VISITS = {
    "market.sources.platform_search.visits_per_year": 1.0e6,
    "market.sources.platform_ads.visits_per_year": 1.0e5,
    "market.sources.rebate_alliance.visits_per_year": 1.0e5,
}

"""``channelsim run``: one scenario, a few histories, profit and loss by channel first."""

from __future__ import annotations

from sim.cli.bench import bench, words_for_kept
from sim.cli.options import (
    Changes,
    Engine,
    Fresh,
    Json,
    Out,
    Quiet,
    Replications,
    ScenarioName,
    Seed,
    Workers,
    checked_engine,
    read_scenario,
)
from sim.cli.screen import Screen


def run(
    scenario: ScenarioName = "base",
    replications: Replications = 5,
    seed: Seed = 1,
    changes: Changes = None,
    out: Out = None,
    workers: Workers = None,
    engine: Engine = "compiled",
    fresh: Fresh = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a scenario: profit and loss by channel.

    Then what each source of visitors brings, and how well shoppers are served.
    """
    screen = Screen(json=json, quiet=quiet)
    engine = checked_engine(engine)
    world = read_scenario(scenario, changes)
    from sim.experiment import replicate
    from sim.report.run import of_replicated, run_page

    with bench(screen, world.name, workers=workers, fresh=fresh) as runner:
        found = replicate(world, replications=replications, seed=seed, engine=engine, runner=runner, out=out)
    result = of_replicated(found)
    screen.data(result)
    screen.page(run_page(result) + words_for_kept(runner))

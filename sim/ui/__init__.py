"""The pages: levers, charts and questions around the same functions that the command line calls.

Nothing is simulated inside a page script. A process of its own does that (:mod:`sim.ui.worker`), and the
pages read what it has found so far (:mod:`sim.ui.desk`).
"""

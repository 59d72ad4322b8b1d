"""Reports: what a study found, as tables for a terminal or a page and as charts.

:mod:`sim.report.page` says what a report holds and knows nothing of its looks; ``run``, ``compare``,
``scale``, ``facts`` and ``explain`` turn the plain results of :mod:`sim.experiment` into pages;
:mod:`sim.report.terminal` shows them and :mod:`sim.report.charts` draws. Nothing here simulates, and
nothing is imported before it is needed.
"""

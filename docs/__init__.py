"""The documentation and what makes it: ``python -m docs.build`` regenerates all that is not written by hand."""

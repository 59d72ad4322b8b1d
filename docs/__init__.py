"""The documentation and what makes it: ``python -m docs.build`` regenerates what is not written by hand."""

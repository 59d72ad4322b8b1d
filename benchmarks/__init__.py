"""Speed of the flow engine against plain SimPy and hand-written C, and cost against the amount of work."""

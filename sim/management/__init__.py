"""Everything that decides at human pace, as SimPy processes: staff, stock, points and their managers."""

"""From a finished history to its books, figures and checks."""

from sim.accounting.closing import close_books

__all__ = ["close_books"]

"""Errors of the model itself."""


class ModelError(Exception):
    """Something in a run went wrong that no scenario should be able to cause."""


class ImbalanceError(ModelError):
    """A run whose books or orders do not add up; it is refused."""

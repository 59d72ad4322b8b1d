"""Kinds of questions, one file each; a file that is put here is found (:func:`sim.ui.question.kinds`)."""

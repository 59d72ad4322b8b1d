"""How sure the picture is, in a word with a colour; the word alone says the same."""

from __future__ import annotations

from sim.ui.answer import Answer
from sim.ui.language import say, term

NOTES = (
    "one history of four mean weeks only",
    "one history of four mean weeks of each size only",
    "one history of January to March of each size only",
)


def badge(answer: Answer, *, stale: bool = False, compiled: bool = True) -> str:
    """Return the badge of an answer as Markdown.

    Parameters
    ----------
    answer
        What is known.
    stale
        Whether what is drawn belongs to other inputs than the present ones.
    compiled
        Whether the simulator is compiled.
    """
    if answer.message:
        return f":red-badge[{say('no answer')}]"
    if not compiled:
        return f":orange-badge[{say('compiling the simulator, once for this version: about half a minute')}]"
    words = _words(answer)
    if stale:
        words = f"{say('stale: the picture is of the inputs before')}; {words}"
    colour = "green" if answer.is_final and not stale else "orange"
    remark = f" :gray-badge[{term(answer.remark)}]" if answer.remark and not answer.is_final else ""
    return f":{colour}-badge[{words}]{remark}"


def _words(answer: Answer) -> str:
    if answer.is_final:
        return say("confirmed: {done} of {total}", done=answer.done, total=answer.total)
    if not answer.is_known:
        return say("simulating")
    found = say("simulating: {done} of {total}", done=answer.done, total=answer.total)
    if answer.note:
        return f"{found}, {term(answer.note)}"
    if answer.done == 1:
        return f"{found}, {say('no interval yet')}"
    return f"{found}, {say('the interval narrows')}"

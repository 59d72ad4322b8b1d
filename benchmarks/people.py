"""People whose browsers run on machines of their own: they speak with the server, and draw nothing here.

Ten people have ten laptops. Ten Chromium windows on the two cores that simulate would time Chromium instead;
so these speak the pages' protocol over a web socket, keep what they need of the page, and ask again when a
browser would.
"""

from __future__ import annotations

import contextlib
import re
import threading
import time
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

_BADGE = re.compile(r"stale|simulating|confirmed")
_NOT_YET = re.compile(r"stale|simulating\]")
"""What a badge says while there is no answer to the present question."""
_LARGEST = 2**26


class Person:
    """One visitor of the pages.

    Parameters
    ----------
    address
        Of the pages, such as ``http://localhost:8501``.

    Attributes
    ----------
    waited
        Seconds from the latest move until the headline and the curve had answers, as far as they have.
    """

    def __init__(self, address: str) -> None:
        self.waited: dict[str, float] = {}
        self._badges: dict[tuple[int, ...], str] = {}
        self._sliders: dict[str, Any] = {}
        self._timers: dict[str, threading.Event] = {}
        self._words = ""
        self._moved: float | None = None
        self._before: dict[str, object] = {}
        self._changed = threading.Condition()
        self._line = connect(
            f"{address.replace('http', 'ws', 1)}/_stcore/stream", subprotocols=["streamlit"],
            max_size=_LARGEST, compression=None,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()
        self._ask()

    def close(self) -> None:
        """Leave."""
        self._stop_timers()
        self._line.close()

    def has_answers(self) -> bool:
        """Whether headline and curve show answers."""
        shown = self._shown()
        return len(shown) == 2 and not any(_NOT_YET.search(words) for words in shown.values())

    def wait_for(self, *names: str, seconds: float) -> None:
        """Wait until there was an answer to the latest move; without names, until there is any.

        Raises
        ------
        TimeoutError
            If it does not come.
        """
        with self._changed:
            if not self._changed.wait_for(
                lambda: all(name in self.waited for name in names) and self.has_answers(), seconds
            ):
                raise TimeoutError(f"{self.waited} after {seconds:.0f} s; the page says {self._shown()}")

    def move(self, label: str, steps: int) -> None:
        """Move a lever up by so many steps.

        Raises
        ------
        KeyError
            If the page has no such lever.
        """
        with self._changed:
            slider = self._sliders[label]
            own = (slider.value or slider.default)[0] if slider.set_value else slider.default[0]
            state = WidgetState(id=slider.id)
            state.double_array_value.data.append(min(own + steps * slider.step, slider.max))
            self.waited, self._before, self._moved = {}, self._state(), time.perf_counter()
        self._ask(widget_states=WidgetStates(widgets=[state]))

    # --- what a browser does ----------------------------------------------------------------------

    def _ask(self, **state: Any) -> None:
        self._line.send(BackMsg(rerun_script=ClientState(**state)).SerializeToString())

    def _listen(self) -> None:
        try:
            for data in self._line:
                message = ForwardMsg()
                message.ParseFromString(data)
                with self._changed:
                    self._take(message)
                    self._changed.notify_all()
        except ConnectionClosed:
            self._stop_timers()

    def _take(self, message: Any) -> None:
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._draw(tuple(message.metadata.delta_path), message.delta.new_element)
        elif kind == "new_session" and not message.metadata.run.fragment_ids:
            self._stop_timers()
        elif kind == "auto_rerun":
            self._start_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)

    def _draw(self, place: tuple[int, ...], element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind == "slider":
            self._sliders[element.slider.label] = element.slider
        elif kind == "heading" and element.heading.tag == "h3":
            self._words = element.heading.body
        elif kind == "markdown" and place[0] == 0 and _BADGE.search(element.markdown.body):
            self._badges[place] = element.markdown.body
            self._note()

    def _note(self) -> None:
        """Take the time of what came: something else than before the move, and not stale."""
        if self._moved is None:
            return
        shown = self._shown()
        for name, state in self._state().items():
            if _NOT_YET.search(shown[name]):
                self._before[name] = None
                self.waited.pop(name, None)
            elif state != self._before.get(name):
                self.waited.setdefault(name, time.perf_counter() - self._moved)

    def _state(self) -> dict[str, object]:
        """Return what is shown: badge and words of the headline, and the badge of the curve."""
        return {
            name: (badge, self._words if name == "headline" else "") for name, badge in self._shown().items()
        }

    def _shown(self) -> dict[str, str]:
        """Return what the badges of headline and curve say, the first two on the page."""
        return dict(
            zip(("headline", "curve"), (self._badges[place] for place in sorted(self._badges)), strict=False)
        )

    def _start_timer(self, fragment: str, seconds: float) -> None:
        stopped = self._timers[fragment] = threading.Event()

        def ring() -> None:
            with contextlib.suppress(ConnectionClosed):  # the server has gone, and the benchmark is over
                while not stopped.wait(seconds):
                    self._ask(fragment_id=fragment, is_auto_rerun=True)

        threading.Thread(target=ring, daemon=True).start()

    def _stop_timers(self) -> None:
        for stopped in self._timers.values():
            stopped.set()
        self._timers = {}

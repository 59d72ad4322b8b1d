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
_NAMES = ("headline", "curve")
"""What the first badges of the page belong to."""
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
        self._since: dict[str, float] = {}
        self._moved = 0.0
        self._link = self._link_before = ""
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
            self.waited, self._link_before, self._moved = {}, self._link, time.perf_counter()
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
            self._since = {}
        elif kind == "page_info_changed":
            self._link = message.page_info_changed.query_string
            self._note()
        elif kind == "auto_rerun":
            self._start_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)

    def _draw(self, place: tuple[int, ...], element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind == "slider":
            self._sliders[element.slider.label] = element.slider
        elif kind == "markdown" and place[0] == 0 and _BADGE.search(element.markdown.body):
            self._badges[place] = element.markdown.body
            number = sorted(self._badges).index(place)
            if number < len(_NAMES):
                self._read(_NAMES[number], element.markdown.body)

    def _read(self, name: str, words: str) -> None:
        """Take the time of a badge."""
        if _NOT_YET.search(words):
            self._since.pop(name, None)
            self.waited.pop(name, None)
        else:
            self._since.setdefault(name, time.perf_counter())
        self._note()

    def _note(self) -> None:
        """Note what came, once the address says that it is drawn for what was moved to."""
        if self._link != self._link_before:
            for name, moment in self._since.items():
                self.waited.setdefault(name, moment - self._moved)

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

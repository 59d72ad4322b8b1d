"""What every test can rely on: the same answers on any machine, in any order, in any number of processes."""

from __future__ import annotations

import os
import signal
import threading

from hypothesis import HealthCheck, settings

# A slow machine is no failure, and the same examples are tried everywhere: what failed once fails again.
settings.register_profile(
    "project",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("project")

# What a command prints must not depend on the window or the colours of whoever runs the tests.
for name in ("FORCE_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS", "TERMINAL_WIDTH"):
    os.environ.pop(name, None)
os.environ.update({"NO_COLOR": "1", "COLUMNS": "160", "TERM": "dumb", "PYTHONUTF8": "1"})

# Processes that the tests start hear an interrupt, whoever started the tests: `nohup`, and a shell in the
# background, make theirs deaf to it, and children inherit that.
_IS_MAIN = threading.current_thread() is threading.main_thread()
if _IS_MAIN and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

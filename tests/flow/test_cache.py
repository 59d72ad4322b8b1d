"""A constant or a callee that is edited is compiled anew: no stale answer from the cache on disk."""

import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import sim.flow

SCRIPT = "import numpy as np; from sim.flow.kernel import gap_one; print(gap_one(np.uint64(1), 2))"


def answer(folder: Path) -> float:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder / "cache"), "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def test_an_edited_callee_or_constant_gives_the_new_answer(tmp_path):
    package = tmp_path / "sim" / "flow"
    shutil.copytree(Path(sim.flow.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "sim" / "__init__.py").write_text("")
    first = answer(tmp_path)
    assert (tmp_path / "cache").is_dir()
    assert answer(tmp_path) == first
    kernel = package / "kernel.py"
    text = kernel.read_text()
    callee = "    return (np.float64(bits) + 0.5) * GRID\n"
    assert text.count(callee) == 1
    kernel.write_text(text.replace(callee, "    return 1.0 - HALF\n").replace("GRID =", "HALF = 0.5\nGRID ="))
    assert answer(tmp_path) == -math.log(0.5)
    kernel.write_text(kernel.read_text().replace("HALF = 0.5", "HALF = 0.25"))
    assert answer(tmp_path) == -math.log(0.25)


def test_all_compiled_code_is_in_one_file():
    for path in Path(sim.flow.__file__).parent.glob("*.py"):
        compiled = "njit" in path.read_text()
        assert compiled == (path.name == "kernel.py"), path.name

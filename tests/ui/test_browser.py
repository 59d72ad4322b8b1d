"""The page in a browser: it opens on headline and chart, follows a lever, and asks no other machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sim.cli import ui

pytestmark = pytest.mark.browser
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("localhost", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def address(tmp_path, monkeypatch) -> Iterator[str]:
    """Address of a server started as ``channelsim ui`` starts it."""
    monkeypatch.setattr(ui, "app_file", lambda: Path(__file__).with_name("small_page.py"))
    port = free_port()
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "CHANNELSIM_CACHE": str(tmp_path / "kept"), "PYTHONPATH": str(root)}
    with (tmp_path / "log.txt").open("w") as log:
        server = subprocess.Popen(
            ui.command(port, "localhost"), cwd=root, env=environment, stdout=log, stderr=log
        )
        try:
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_until_healthy(address: str) -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health"):
                return
        except OSError:
            assert time.monotonic() < deadline, "the server never answered"
            time.sleep(0.1)


def test_first_paint_lever_and_prediction(address, tmp_path):
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "no Chromium; leave these tests out with -m 'not browser'"
    wait_until_healthy(address)
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.get_by_text("confirmed: 5 of 5").wait_for(timeout=90_000)
        page.locator(".js-plotly-plot .scatterlayer .trace").first.wait_for(state="attached")
        before = page.locator("h3").first.inner_text()
        assert "cost per parcel" in before
        assert page.get_by_role("slider").count() == 4
        chart = page.locator(".js-plotly-plot").bounding_box()
        assert chart is not None
        assert chart["y"] + chart["height"] < 720, "the chart is below the fold"

        lever = page.get_by_role("slider").nth(1)
        lever.focus()
        for _ in range(9):
            lever.press("ArrowRight")
        page.get_by_text("What you changed").wait_for()
        page.get_by_text("confirmed: 5 of 5").wait_for(timeout=90_000)
        page.get_by_text("yours ").first.wait_for(state="attached")
        assert page.locator("h3").first.inner_text() != before
        assert "others=100" in page.url

        page.get_by_text("rises", exact=True).click()
        page.get_by_role("spinbutton").last.fill("10")
        page.get_by_role("button", name="Lock my prediction").click()
        page.get_by_text("You said: rises 10% per doubling.").wait_for(timeout=90_000)
        page.screenshot(path=str(tmp_path / "page.png"))
        browser.close()
    assert (tmp_path / "page.png").stat().st_size > 20_000
    hosts = {
        urlsplit(url).hostname for url in asked if urlsplit(url).scheme in ("http", "https", "ws", "wss")
    }
    assert hosts == {"localhost"}

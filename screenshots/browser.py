"""Takes a picture of the reader in a browser, `browser.png`: a part of `make screenshots`.

It needs Chromium, its driver and the package selenium; without them, the picture stays as it is.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from screenshots.libraries import marked_library  # noqa: E402  # after the path is set

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
ARGUMENTS = ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
             "--window-size=1180,780")  # fmt: skip
QUERY = "attention translation"
PATIENCE_S = 60.0
QUIET_S = 1.0
"""Seconds to wait for the page, and for which it must not change."""


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve the reader of a library of pictures; yield the address, which works once."""
    folders = {f"XDG_{name}_HOME": str(home / name) for name in ("CACHE", "CONFIG", "STATE")}
    os.environ.update(folders, HOME=str(home))
    marked_library(home / "library", listing=False).close()
    command = [sys.executable, "-m", "tui.cli", "--library", str(home / "library"), "serve"]
    with subprocess.Popen(
        [*command, "--port", "0"], stdout=subprocess.PIPE, text=True, cwd=HERE.parent
    ) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@contextmanager
def browsing() -> Iterator["Chrome"]:
    """Open a browser without a window."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for argument in (*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])):
        options.add_argument(argument)
    chrome = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    try:
        yield chrome
    finally:
        chrome.quit()


def take(target: Path, address: str, chrome: "Chrome") -> None:
    """Search in the reader at an address, and save what the browser shows."""
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait

    def is_shown(chrome: "Chrome") -> bool:
        body = chrome.find_element(By.TAG_NAME, "body")
        return "-first-byte" in (body.get_attribute("class") or "")

    chrome.get(address)
    WebDriverWait(chrome, PATIENCE_S).until(is_shown)
    settle(chrome.get_screenshot_as_png)
    ActionChains(chrome).send_keys(f"/{QUERY}", Keys.ENTER, "j").perform()
    target.write_bytes(settle(chrome.get_screenshot_as_png))


def settle(look: Callable[[], bytes]) -> bytes:
    """Return what is seen once it has not changed for a while."""
    seen, since = look(), time.monotonic()
    deadline = since + PATIENCE_S
    while time.monotonic() < min(since + QUIET_S, deadline):
        time.sleep(0.1)
        if (now := look()) != seen:
            seen, since = now, time.monotonic()
    return seen


if __name__ == "__main__":
    try:
        import selenium  # noqa: F401  # not a part of Carrel
    except ImportError:
        print("no picture of a browser: selenium is not installed")
        sys.exit()
    if not (CHROMIUM and DRIVER):
        print("no picture of a browser: chromium or its driver is not installed")
        sys.exit()
    picture = Path(sys.argv[1] if len(sys.argv) > 1 else HERE) / "browser.png"
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as page,
        browsing() as browser,
    ):
        take(picture, page, browser)
    print(picture)

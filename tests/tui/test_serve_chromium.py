"""The served reader in headless Chromium: keys, copies and exports as a browser does them."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from index import Library

from .conftest import HOSTILE
from .served import serving

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
ARGUMENTS = "--headless=new --disable-gpu --disable-dev-shm-usage --window-size=1200,800".split()
TIMEOUT_S = 60.0
"""Seconds to wait for an effect in the browser, which normally takes less than one."""

pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="needs the packages chromium and chromium-driver"
)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    """A headless browser that downloads to `tmp_path / "downloads"`."""
    assert CHROMIUM
    assert DRIVER
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ARGUMENTS:
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # which root cannot have
    options.add_experimental_option(
        "prefs", {"download.default_directory": str(tmp_path / "downloads")}
    )
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    yield chrome
    chrome.quit()


def until(holds: Callable[[], object]) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + TIMEOUT_S
    while not holds():
        assert time.monotonic() < deadline, "not within a minute"
        time.sleep(0.05)


def press(chrome: webdriver.Chrome, *keys: str) -> None:
    webdriver.ActionChains(chrome).send_keys(*keys).perform()


def body_class(chrome: webdriver.Chrome) -> str:
    return chrome.find_element(By.TAG_NAME, "body").get_attribute("class") or ""


def bookmarks(library: Library) -> list[str]:
    ids = [hit.id for hit in library.search("is:bookmarked").hits]
    return [paper.title for paper in library.papers(ids)]


def clipboard_of(chrome: webdriver.Chrome) -> object:
    return chrome.execute_async_script(
        "navigator.clipboard.readText().then(arguments[0], error => arguments[0](`${error}`))"
    )


def drive(chrome: webdriver.Chrome, address: str, library: Library, downloads: Path) -> None:
    """Search, bookmark, copy and export, and quit."""
    chrome.get(address)
    until(lambda: "-first-byte" in body_class(chrome))
    assert "token" not in chrome.current_url
    title = next(text for text in HOSTILE if text.startswith("深度"))
    press(chrome, f"/{title[:4]}", Keys.ENTER, "b")
    until(lambda: bookmarks(library) == [title])

    grant = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    chrome.execute_cdp_cmd("Browser.grantPermissions", grant)
    press(chrome, "yt")
    until(lambda: clipboard_of(chrome) == title)

    press(chrome, "x", Keys.ENTER)
    until((downloads / "carrel-bookmarks.bib").is_file)
    assert title in (downloads / "carrel-bookmarks.bib").read_text("utf-8")

    log = chrome.execute("getLog", {"type": "browser"})["value"]
    errors = [entry for entry in log if entry["level"] == "SEVERE"]
    assert not errors  # such as something that the policy of the page does not allow

    press(chrome, "q")
    until(lambda: "-closed" in body_class(chrome))
    assert "The reader has ended." in chrome.find_element(By.ID, "closed").text


async def test_reader_in_chromium_searches_marks_copies_and_exports(
    library: Library, browser: webdriver.Chrome, tmp_path: Path
) -> None:
    async with serving(library.folder) as server:
        downloads = tmp_path / "downloads"
        await asyncio.to_thread(drive, browser, server.address, library, downloads)


def test_picture_of_the_browser_is_taken(tmp_path: Path) -> None:
    script = Path(__file__).parents[2] / "screenshots" / "browser.py"
    subprocess.run([sys.executable, script, tmp_path], check=True, timeout=3 * TIMEOUT_S)
    picture = (tmp_path / "browser.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) > 1000  # its width
    assert len(picture) > 50_000  # more than a blank page

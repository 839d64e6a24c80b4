"""A real headless Chromium, spoken to over two pipes: no port, no driver, one process for all tests.

The protocol is JSON, a message at a time, each ended by a NUL byte, on the descriptors 3 and 4.

Source: https://chromedevtools.github.io/devtools-protocol (``--remote-debugging-pipe``).
"""

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.hanging import HUNG_S

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
    "--remote-debugging-pipe",
)  # fmt: skip
Message = dict[str, Any]


@dataclass
class Chromium:
    """One browser."""

    write: int
    read: int
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    buffer: bytes = b""
    events: list[Message] = field(default_factory=list)

    def call(self, method: str, session: str | None = None, **parameters: object) -> Message:
        """Ask for something, and wait for the answer; what happens meanwhile is kept."""
        number = next(self.numbers)
        asked: Message = {"id": number, "method": method, "params": parameters}
        if session:
            asked["sessionId"] = session
        os.write(self.write, json.dumps(asked).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == number:
                assert "error" not in message, (method, message["error"])
                found: Message = message["result"]
                return found
            self.events.append(message)

    def message(self) -> Message:
        """The next one that arrives."""
        until = time.monotonic() + HUNG_S
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.read], [], [], max(0.0, until - time.monotonic()))
            assert ready, "the browser hangs"
            part = os.read(self.read, 1 << 20)
            assert part, "the browser ended"
            self.buffer += part
        text, _, self.buffer = self.buffer.partition(b"\0")
        found: Message = json.loads(text)
        return found

    def open(self, url: str, width: int, height: int, *, dark: bool = False) -> "Page":
        """A page of its own, once it has been loaded."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        page = Page(browser=self, session=attached["sessionId"], target=target)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{domain}.enable")
        page.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        page.call("Emulation.setEmulatedMedia", features=[scheme])
        page.call("Page.navigate", url=url)
        page.wait_for("Page.loadEventFired")
        return page


@dataclass
class Page:
    """One page of the browser."""

    browser: Chromium
    session: str
    target: str

    def call(self, method: str, **parameters: object) -> Message:
        """Ask this page for something."""
        return self.browser.call(method, self.session, **parameters)

    def wait_for(self, method: str) -> None:
        """Until something has happened in it."""
        while not any(each["method"] == method for each in self.happened):
            self.browser.events.append(self.browser.message())

    @property
    def happened(self) -> list[Message]:
        """Everything so far."""
        return [
            each
            for each in self.browser.events
            if each.get("sessionId") == self.session and "method" in each
        ]

    def evaluate(self, script: str) -> Any:
        """What a script comes to."""
        found = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    @property
    def complaints(self) -> list[str]:
        """Errors and warnings: thrown, logged, or said by the browser itself."""
        said = []
        for each in self.happened:
            about = each["params"]
            if each["method"] == "Runtime.exceptionThrown":
                said.append(str(about["exceptionDetails"]))
            if each["method"] == "Runtime.consoleAPICalled" and about["type"] != "log":
                said.append(str(about["args"]))
            if each["method"] == "Log.entryAdded":
                said.append(about["entry"]["text"])
        return said

    @property
    def requested(self) -> list[str]:
        """The addresses that were asked for."""
        return [
            each["params"]["request"]["url"]
            for each in self.happened
            if each["method"] == "Network.requestWillBeSent"
        ]

    def press(self, key: str, code: int) -> None:
        """Press a key, and let it go."""
        for kind in ("rawKeyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code
            )

    def picture(self, path: Path, *, whole: bool = True, scale: float = 1.0) -> None:
        """What is seen; the whole page, or the screen alone."""
        size = self.call("Page.getLayoutMetrics")[
            "cssContentSize" if whole else "cssLayoutViewport"
        ]
        width, height = (
            size.get("width", size.get("clientWidth")), size.get("height", size.get("clientHeight")),
        )  # fmt: skip
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": scale}
        found = self.call("Page.captureScreenshot", captureBeyondViewport=whole, clip=clip)
        path.write_bytes(base64.b64decode(found["data"]))

    def paper(self) -> bytes:
        """The page as it is printed, on A4."""
        found = self.call(
            "Page.printToPDF", preferCSSPageSize=True, paperWidth=8.27, paperHeight=11.69,
            printBackground=False,
        )  # fmt: skip
        return base64.b64decode(found["data"])

    def close(self) -> None:
        """Done with it."""
        self.browser.call("Target.closeTarget", targetId=self.target)


@contextmanager
def chromium(profile: Path) -> Iterator[Chromium]:
    """A browser, ended afterwards."""
    assert BROWSER is not None
    their_read, write = os.pipe()
    read, their_write = os.pipe()

    process = subprocess.Popen(
        # Where the browser looks for them: nothing of ours runs between fork and exec.
        [
            "bash",
            "-c",
            f'exec "$0" "$@" 3<&{their_read} 4>&{their_write}',
            BROWSER,
            *FLAGS,
            f"--user-data-dir={profile}",
        ],
        pass_fds=(their_read, their_write),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(their_read)
    os.close(their_write)
    browser = Chromium(write=write, read=read)
    try:
        yield browser
    finally:
        browser.call("Browser.close")
        process.wait(HUNG_S)
        os.close(write)
        os.close(read)

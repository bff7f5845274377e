"""Make the picture of a chat that outlived its process, for docs/guides/chainlit.md. Wants Chromium and Chainlit.

python tools/chat_picture.py docs/screenshots/chainlit.png
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from websockets.asyncio.client import connect

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from integrations.chainlit.apps import EXAMPLE, free_port, page, running, signed_in, thread_of

# The example, with a sign-in that a browser without a person can pass.
DOOR = f"""
import importlib.util
import chainlit as cl
from chainlit.config import config

spec = importlib.util.spec_from_file_location("example", {str(EXAMPLE)!r})
spec.loader.exec_module(importlib.util.module_from_spec(spec))
config.code.password_auth_callback = None

@cl.header_auth_callback
async def anybody(headers):
    return cl.User(identifier="ana")
"""
WIDTH, HEIGHT = 1200, 780


async def talk(address: str) -> str:
    """Have a short conversation; its thread's id."""
    async with signed_in(address, "ana") as ana:
        async with page(ana) as opened:
            await opened.say("¿Cómo hago arepas?")
            await opened.say("¿Y el sancocho?")
        return str((await thread_of(ana, opened.thread_id, 8))["id"])


@contextmanager
def chromium(folder: Path) -> Iterator[str]:
    """A browser without a window; where it takes orders."""
    port = free_port()
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    place = [f"--remote-debugging-port={port}", f"--user-data-dir={folder}", f"--window-size={WIDTH},{HEIGHT}"]
    browser = subprocess.Popen(["chromium", *options, *place, "about:blank"], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                with urlopen(f"http://127.0.0.1:{port}/json") as answer:
                    yield next(tab["webSocketDebuggerUrl"] for tab in json.load(answer) if tab["type"] == "page")
                    break
            except OSError:
                time.sleep(0.1)
    finally:
        browser.kill()
        browser.wait()


async def photograph(orders: str, address: str, thread: str) -> bytes:
    """The page, once it shows the whole chat."""
    async with connect(orders, max_size=None) as browser:

        async def order(method: str, **parameters: Any) -> Any:
            await browser.send(json.dumps({"id": 1, "method": method, "params": parameters}))
            while (answer := json.loads(await browser.recv())).get("id") != 1:
                pass
            return answer["result"]

        async def see(url: str, words: str) -> None:
            await order("Page.navigate", url=url)
            for _ in range(100):
                await asyncio.sleep(0.2)
                text = await order("Runtime.evaluate", expression="document.body.innerText")
                if words in text["result"].get("value", ""):
                    return
            raise SystemExit(f"{url} does not say {words!r}")

        await see(address, "¿Cómo hago arepas?")  # in the list on the left: the door has let the browser in
        await see(f"{address}/thread/{thread}", "van 2 preguntas")
        await asyncio.sleep(2)  # it scrolls and fades in
        await order("Runtime.evaluate", expression="document.querySelectorAll('*').forEach(e => e.scrollTop = 0)")
        await asyncio.sleep(1)
        return b64decode((await order("Page.captureScreenshot"))["data"])


def main() -> None:
    """Talk, kill the process, open the thread in a new one, take the picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)  # the server's own user must reach its data
        (folder / "app.py").write_text(DOOR)
        environment = os.environ | {"ARRAIGO_HOME": str(folder / "arraigo")}
        with running(environment, folder) as address:
            thread = asyncio.run(talk(address))
        with running(environment, folder, folder / "app.py") as address, chromium(folder / "browser") as orders:
            Path(sys.argv[1]).write_bytes(asyncio.run(photograph(orders, address, thread)))


if __name__ == "__main__":
    main()

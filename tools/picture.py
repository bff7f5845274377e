"""Make the picture of the README: what `arraigo demo` prints on a terminal. Wants Chromium.

python tools/picture.py docs/screenshots/demo.png
"""

import os
import pty
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

COLUMNS, ROWS = 118, 40


def on_a_terminal(command: list[str], environment: dict[str, str]) -> str:
    """What the command writes to a terminal of its own, escapes and all."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, environment)  # noqa: S606 - our own words, no shell
    pieces = []
    while True:
        try:
            piece = os.read(terminal, 65_536)
        except OSError:  # Linux's way to say that the other side has ended
            break
        if not piece:
            break
        pieces.append(piece)
    os.waitpid(pid, 0)
    return b"".join(pieces).decode()


def settled(output: str) -> str:
    """The lines as they stand at the end: progress bars are drawn over themselves."""
    screen: list[str] = [""]
    row = 0
    for part in output.replace("\r\n", "\n").replace("\x1b[2K", "").split("\x1b[1A"):
        lines = part.split("\n")
        for number, line in enumerate(lines):
            while len(screen) <= row:
                screen.append("")
            if text := line.rsplit("\r", 1)[-1]:
                screen[row] = text
            row += number < len(lines) - 1
        row -= 1
    return "\n".join(screen)


def main() -> None:
    """Run the demo in a home of its own, and take the picture."""
    target = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o711)  # the server's own user must reach its data
        environment = os.environ | {
            "ARRAIGO_HOME": str(home / "arraigo"),
            "COLUMNS": str(COLUMNS),
            "LINES": str(ROWS),
            "TERM": "xterm-256color",
        }
        output = on_a_terminal([sys.executable, "-m", "arraigo", "demo", "--no-serve"], environment)
        text = settled(output).replace(str(home / "arraigo"), "~/.local/share/arraigo").strip()
        console = Console(record=True, width=COLUMNS, file=Path(os.devnull).open("w"))  # noqa: SIM115 - ends with us
        console.print(Text("$ make demo ARGS=--no-serve", style="bold"))
        console.print(Text.from_ansi(text))
        page = home / "demo.html"
        page.write_text(
            console.export_html(inline_styles=True).replace(
                "<body>", "<body style='margin:18px;background:#fdfdfb;font-size:15px'>"
            )
        )
        height = 60 + 20 * (text.count("\n") + 2)
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             f"--user-data-dir={home / 'browser'}", f"--window-size=1120,{height}", f"--screenshot={target.absolute()}",
             page.as_uri()],
            check=True, capture_output=True,
        )  # fmt: skip


if __name__ == "__main__":
    main()

"""until-shown.py TEXT COMMAND...: runs a command on a terminal and prints the ms until TEXT is shown on it. Ends the command."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

LIMIT = 60
CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.")

text, command = sys.argv[1], sys.argv[2:]
wanted = re.sub(r"\s+", "", text)
started = time.monotonic()
child, terminal = pty.fork()
if child == 0:
    os.environ.update(TERM="xterm-256color", LANG="en_US.UTF-8")
    os.environ.pop("CI", None)
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
shown = b""
status = 1
while time.monotonic() - started < LIMIT:
    ready, _, _ = select.select([terminal], [], [], 0.5)
    if not ready:
        continue
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    shown += chunk
    if wanted in re.sub(r"\s+", "", CONTROL.sub("", shown.decode("utf-8", "replace"))):
        print((time.monotonic() - started) * 1000)
        status = 0
        break
if status:
    print("never shown:", repr(text), "in", repr(shown[-400:]), file=sys.stderr)
try:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
except (ProcessLookupError, ChildProcessError):
    pass
sys.exit(status)

"""Pastes texts into one interactive bash on a pseudo-terminal, as a terminal emulator does.

In: {"folder", "bracketed", "locale", "texts"}. In the folder, a `curl` is first on the PATH that records what it is given.
Out: for each text what `curl` was given: its arguments, and the body in base64; and how many prompts came, which is one where
one command ran. null where no prompt came.
"""

import base64, fcntl, json, os, pty, re, select, shutil, struct, sys, termios, time

READY = re.compile(rb"<prompt (\d+)>")
ALERT = 10  # seconds until a shell that is silent counts as stuck

job = json.load(sys.stdin)
folder = job["folder"]
record = os.path.join(folder, "record")
for name in ("bin", "record", "empty"):
    os.mkdir(os.path.join(folder, name))

CURL = """#!/bin/sh
for argument do before=$last last=$argument; done
printf '%s\\0' "$@" >>"$RECORD/arguments"
[ "$before" = --data-binary ] && exec cat >"$RECORD/body"
printf %s "$last" >"$RECORD/body"
"""
with open(os.path.join(folder, "bin/curl"), "w") as file:
    file.write(CURL)
os.chmod(os.path.join(folder, "bin/curl"), 0o755)
with open(os.path.join(folder, "inputrc"), "w") as file:
    file.write("set enable-bracketed-paste %s\n" % ("on" if job["bracketed"] else "off"))

prompts, bell = os.pipe()
child, terminal = pty.fork()
if child == 0:
    os.dup2(bell, 9)
    os.chdir(os.path.join(folder, "empty"))
    os.execve(
        shutil.which("bash"),
        ["bash", "--noprofile", "--norc", "-i"],
        {
            "PATH": os.path.join(folder, "bin") + ":" + os.environ["PATH"],
            "HOME": folder,
            "TERM": "xterm-256color",
            "LC_ALL": job["locale"],
            "INPUTRC": os.path.join(folder, "inputrc"),
            "HISTFILE": "/dev/null",
            "RECORD": record,
            "PROMPT_COMMAND": "printf . >&9; PS1=\"<prompt $((++prompts))>\"",
        },
    )
os.close(bell)
os.set_blocking(terminal, False)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))


told = shown = 0  # prompts: that came, and the one that readline shows
tail = b""


def until_prompt(data):
    """Types data, and gives the number of prompts until the shell waits for a line again; None where it does not."""
    global told, shown, tail
    before, deadline = told, time.monotonic() + ALERT
    while data or told == before or shown != told:
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        readable, writable, _ = select.select([terminal, prompts], [terminal] if data else [], [], left)
        try:
            if prompts in readable:
                told += len(os.read(prompts, 100))
            if terminal in readable:
                tail = tail[-20:] + os.read(terminal, 65536)
                shown = max([shown, *map(int, READY.findall(tail))])
            if writable:
                data = data[os.write(terminal, data[:1024]) :]
        except BlockingIOError:
            pass
        except OSError:  # the shell has ended
            return None
    return told - before


def taken(name):
    path = os.path.join(record, name)
    try:
        with open(path, "rb") as file:
            content = file.read()
        os.unlink(path)
        return content
    except FileNotFoundError:
        return b""


until_prompt(b"")
results = []
for text in job["texts"]:
    typed = text.encode("utf-8", "surrogatepass").replace(b"\n", b"\r")
    count = until_prompt(b"\x1b[200~" + typed + b"\x1b[201~\r" if job["bracketed"] else typed)
    arguments = taken("arguments").decode("utf-8", "replace").split("\0")[:-1]
    results.append({"prompts": count, "arguments": arguments, "body": base64.b64encode(taken("body")).decode()})
    if count is None:
        break
# Whatever is still typed ahead is run before the shell ends.
while until_prompt(b"exit\r") is not None:
    pass
os.close(terminal)
os.waitpid(child, 0)
json.dump(results, sys.stdout)

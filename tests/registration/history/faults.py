"""Kills what Convene runs on, at random: a process of the web, the worker, a
connection's backend, the whole of PostgreSQL; or only halts a backend."""

import os
import re
import signal
import threading
import time

EXITED = re.compile(r"\((\d+)\) exited with status (\d+)")
DIR = os.environ.get("CONVENE_DIR", "")


def pid_of(service):
    with open(os.path.join(DIR, "run", service + ".pid"), encoding="ascii") as f:
        return int(f.read())


def children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as f:
        return [int(p) for p in f.read().split()]


def title(pid):
    with open("/proc/%d/cmdline" % pid, "rb") as f:
        return f.read().replace(b"\0", b" ").decode()


def backends():
    return [p for p in children(pid_of("postgres")) if "convene_web convene" in title(p)]


def log_of_web(since=0):
    with open(os.path.join(DIR, "log", "web.log"), encoding="utf-8", errors="replace") as f:
        f.seek(since)
        return f.read()


class Faults(threading.Thread):
    KINDS = ("web", "worker", "backend", "postgres", "halt")

    def __init__(self, random, pause):
        super().__init__(daemon=True)
        self.random, self.pause = random, pause
        self.over, self.done = threading.Event(), []
        self.killed, self.log = set(), len(log_of_web())

    def web(self):
        victim = self.random.choice(children(pid_of("web")))
        self.killed.add(victim)
        os.kill(victim, signal.SIGKILL)

    def deaths(self):
        """The web's processes that ended, as their parent wrote down."""
        return [{"pid": int(pid), "status": int(status), "killed": int(pid) in self.killed}
                for pid, status in EXITED.findall(log_of_web(self.log))]

    def worker(self):
        os.kill(pid_of("worker"), signal.SIGKILL)

    def backend(self):
        os.kill(self.random.choice(backends()), signal.SIGKILL)

    def postgres(self):
        os.kill(pid_of("postgres"), signal.SIGKILL)

    def halt(self):
        victim = self.random.choice(backends())
        os.kill(victim, signal.SIGSTOP)
        self.over.wait(1.5)
        os.kill(victim, signal.SIGCONT)

    def strike(self, kind):
        try:
            getattr(self, kind)()
        except (OSError, ValueError, IndexError):
            return  # it is down already
        self.done.append((time.time(), kind))

    def run(self):
        waiting = self.random.sample(self.KINDS, len(self.KINDS))
        while not self.over.wait(self.random.uniform(*self.pause)):
            self.strike(waiting.pop() if waiting else self.random.choice(self.KINDS))

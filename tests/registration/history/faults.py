"""Kills what Convene runs on, at random: a process of the web, the worker, a
connection's backend, the whole of PostgreSQL; or only halts a backend."""

import os
import signal
import threading
import time

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


class Faults(threading.Thread):
    KINDS = ("web", "worker", "backend", "postgres", "halt")

    def __init__(self, random, pause):
        super().__init__(daemon=True)
        self.random, self.pause = random, pause
        self.over, self.done = threading.Event(), []

    def web(self):
        os.kill(self.random.choice(children(pid_of("web"))), signal.SIGKILL)

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

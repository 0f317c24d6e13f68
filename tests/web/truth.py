# SPDX-License-Identifier: Apache-2.0
"""For tests in Python: run the truth server and read what it logged."""
import base64
import json
import os
import subprocess
import sys
import time

SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "truth_server.py")


class Truth:
    """with Truth(DIR) as truth: truth.urls["https"] ...; when left the server has ended and the log is whole."""

    def __init__(self, directory):
        self.process = subprocess.Popen([sys.executable, SERVER, directory], stdout=subprocess.PIPE, text=True)
        self.__dict__.update(json.loads(self.process.stdout.readline()))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process.returncode is None:
            self.process.terminate()
            if self.process.wait(timeout=20) != 0:
                raise RuntimeError(f"the truth server ended with {self.process.returncode}")

    def events(self, event):
        return [entry for entry in read_log(self.log) if entry["event"] == event]

    def wait_for(self, event, condition, seconds=10):
        """The first such event; it may not be logged yet."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for entry in self.events(event):
                if condition(entry):
                    return entry
            time.sleep(0.05)
        raise AssertionError(f"no such {event} in {self.log}")


def read_log(path):
    with open(path, encoding="ascii") as file:
        return [json.loads(line) for line in file if line.endswith("\n")]


def raw(text):
    return base64.b64decode(text, validate=True)


def field_list(fields):
    return [(raw(name), raw(value)) for name, value in fields]

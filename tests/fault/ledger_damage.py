#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bytes of a small ledger are changed one at a time: `axev ledger check` must fail and say where."""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

axev = os.environ["AXEV_BUILD_ROOT"] + "/tools/axev"
probe = os.environ["AXEV_BUILD_ROOT"] + "/tests/ledger_probe"
work = tempfile.mkdtemp()
os.chdir(work)
failures = 0


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})


def check(sentence, good, detail=""):
    global failures
    print(("ok - " if good else "not ok - ") + sentence)
    if not good:
        failures += 1
        print("#   " + detail.replace("\n", "\n#   "))


def damage(kind, path, offsets, expected):
    """Each offset by itself. Every outcome must be exit 1 and one line that fits @expected."""
    with open(path, "rb") as file:
        good = file.read()
    mode = os.stat(path).st_mode
    os.chmod(path, 0o644)
    unseen, odd, count = [], [], 0
    for offset in offsets(len(good)):
        bad = bytearray(good)
        bad[offset] ^= 0x01
        with open(path, "wb") as file:
            file.write(bad)
        outcome = run(axev, "ledger", "check", "--ledger", "L")
        count += 1
        if outcome.returncode == 0:
            unseen.append(offset)
        elif outcome.returncode not in (1, 3) or not re.search(expected, outcome.stderr) \
                or outcome.stderr.count("\n") != 1:
            odd.append((offset, outcome.returncode, outcome.stderr))
    with open(path, "wb") as file:
        file.write(good)
    os.chmod(path, mode)
    check(f"{kind}: each of {count} changed bytes was found", not unseen, f"{path}: not seen at {unseen}")
    check(f"{kind}: the message says where", not odd, f"{path}: {odd[:3]}")


def every(step, end=0):
    return lambda size: range(0, size - end, step)


run(axev, "init", "L", "--origin", "test.example/log")
run(probe, "append", "L", "280", "280")
with open("file.bin", "wb") as file:
    file.write(os.urandom(3000))
run(axev, "capture", "file", "file.bin", "--ledger", "L")
outcome = run(axev, "ledger", "check", "--ledger", "L")
check("whole before", outcome.returncode == 0, outcome.stderr)

git = "L/ledger.git/"
packs = sorted(glob.glob(git + "objects/pack/*.pack"))
for number, path in enumerate(packs):
    # What the newest state needs is found on opening, by the object; the rest by the pack's checksum.
    damage(f"pack {number + 1} of {len(packs)}", path, every(max(os.path.getsize(path) // 24, 1)),
           r"pack-[0-9a-f]{40}\.pack: |cannot read git object [0-9a-f]{40}|git object [0-9a-f]{40}: ")
    damage(f"index {number + 1} of {len(packs)}", path[:-4] + "idx",
           every(max(os.path.getsize(path[:-4] + "idx") // 24, 1)),
           r"pack-[0-9a-f]{40}\.idx: |cannot read git object [0-9a-f]{40}|git object [0-9a-f]{40}: "
           r"|cannot (open|look for)")
damage("ref", git + "refs/heads/ledger", every(1, 1), r"cannot read git object|refs/heads/ledger is malformed")
damage("HEAD", git + "HEAD", every(1), "HEAD must be refs/heads/ledger")
damage("package", glob.glob(git + "lfs/objects/??/??/*")[0], every(400),
       "entry [0-9]+: .*lfs/objects/.*: the package's file is not what its name says")
# The last line break of a file of one line carries nothing.
damage("the log's key", "L/keys/log.vkey", every(1, 1), r"log\.vkey|no signature by|checkpoint")
with open("L/keys/allowed_signers") as file:
    start = file.read().index("ssh-ed25519 ")
damage("git's key", "L/keys/allowed_signers", lambda size: range(start, size - 1), r"allowed_signers|commit [0-9a-f]{40}")

outcome = run(axev, "ledger", "check", "--ledger", "L")
check("whole again", outcome.returncode == 0, outcome.stderr)

# A package that is not here is not damage, but the check does not say that all is well.
path = glob.glob(git + "lfs/objects/??/??/*")[0]
os.rename(path, "away")
outcome = run(axev, "ledger", "check", "--ledger", "L", "--json")
check("a missing package is exit 4", outcome.returncode == 4 and '"packages_missing":1' in outcome.stdout
      and '"first_missing_entry":282' in outcome.stdout, outcome.stdout + outcome.stderr)
os.rename("away", path)

# The checkpoint as a file of the tree, changed by someone with git and without keys.
clone = run("git", "-c", "core.bare=false", "--git-dir", git, "cat-file", "blob", "ledger:checkpoint")
check("the checkpoint is the commit message", clone.returncode == 0 and
      run("git", "--git-dir", git, "cat-file", "commit", "ledger").stdout.endswith("\n\n" + clone.stdout))
env = {**os.environ, "GIT_DIR": git, "GIT_INDEX_FILE": work + "/index", "GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x",
       "GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x"}
script = r"""set -e
git read-tree ledger
blob=$(git cat-file blob ledger:checkpoint | sed 's/^283$/284/' | git hash-object -w --stdin)
git update-index --cacheinfo 100644,$blob,checkpoint
git cat-file blob $blob >message
git update-ref refs/heads/ledger $(git commit-tree -p ledger -F message $(git write-tree))
"""
outcome = subprocess.run(["sh", "-c", script], env=env, capture_output=True, text=True)
check("a commit with another size was made with stock git", outcome.returncode == 0, outcome.stderr)
outcome = run(axev, "ledger", "check", "--ledger", "L")
check("it is refused for its signature", outcome.returncode == 1 and "signature" in outcome.stderr, outcome.stderr)
shutil.rmtree(work)
sys.exit(1 if failures else 0)

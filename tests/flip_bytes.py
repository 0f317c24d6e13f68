#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# flip_bytes.py BUNDLE POLICY COUNT: so many random bytes of a valid bundle, each changed alone. axev-verify must say invalid
# (exit 1) every time: with the policy, and without.
import os
import random
import subprocess
import sys
import tempfile


def verdict(bundle, policy):
    command = [os.environ['AXEV_BUILD_ROOT'] + '/tools/axev-verify', bundle]
    return subprocess.run(command + (['--policy', policy] if policy else []), capture_output=True).returncode


def chance_for_this_run():
    seed = int(os.environ.get('AXEV_SEED', random.SystemRandom().getrandbits(32)))
    print(f'# seed {seed}, repeat with AXEV_SEED={seed}')
    return random.Random(seed)


def flip(bundle, policy, count, chance):
    """How many of the changes were not found; each is named."""
    with open(bundle, 'rb') as file:
        size = len(file.read())
    unfound = 0
    with tempfile.TemporaryDirectory() as scratch:
        changed = scratch + '/changed.asice'
        with open(bundle, 'rb') as source, open(changed, 'wb') as copy:
            copy.write(source.read())
        with open(changed, 'r+b', buffering=0) as copy:
            for _ in range(count):
                at, mask = chance.randrange(size), chance.randrange(1, 256)
                byte = os.pread(copy.fileno(), 1, at)
                os.pwrite(copy.fileno(), bytes([byte[0] ^ mask]), at)
                found = verdict(changed, policy if chance.random() < 0.5 else None)
                os.pwrite(copy.fileno(), byte, at)
                if found != 1:
                    print(f'not ok - byte {at} changed by {mask:#04x}: exit {found}')
                    unfound += 1
        if verdict(changed, policy) != 0:
            print('not ok - the bundle itself is not valid, so the changes prove nothing')
            unfound += 1
    print(f'# {count} of {size} bytes')
    return unfound


if __name__ == '__main__':
    missed = flip(sys.argv[1], sys.argv[2], int(sys.argv[3]), chance_for_this_run())
    print('not ok' if missed else 'ok - every changed byte is found')
    sys.exit(1 if missed else 0)

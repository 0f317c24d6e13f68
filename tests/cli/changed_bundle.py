#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# A bundle made by the command line, changed: a thousand random bytes; each entry removed, renamed, moved, doubled; entries
# added. Never anything but invalid (exit 1), with a policy and without.
import io
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipfile

warnings.simplefilter('ignore', UserWarning)  # zipfile's about double names: they are wanted here
tools = os.environ['AXEV_BUILD_ROOT'] + '/tools/'
source = os.environ['AXEV_SOURCE_ROOT']
sys.path.insert(0, source + '/tests')
import flip_bytes  # noqa: E402

scratch = tempfile.mkdtemp()
os.chdir(scratch)
failures = 0


def axev(*arguments):
    return subprocess.run([tools + 'axev', *arguments], check=True, capture_output=True, text=True).stdout


def exit_of(data, policy):
    with open('changed.asice', 'wb') as out:
        out.write(data)
    return flip_bytes.verdict('changed.asice', 'L/policy.json' if policy else None)


def expect(sentence, data, wanted=1):
    global failures
    found = [exit_of(data, policy) for policy in (True, False)]
    if found != [wanted if wanted else 0, wanted if wanted else 4]:
        print(f'not ok - {sentence}: exit {found}')
        failures += 1


def entries_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def written(entries):
    """The profile of FORMAT.md 1.2, as far as zipfile lets: so that nothing but the change is found."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_STORED) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.create_version, info.extract_version = 0, 10, 10
            archive.writestr(info, content)
            info.external_attr = 0
    return out.getvalue()


def change_entries(what, data):
    entries = entries_of(data)
    if written(entries) != data:
        sys.exit(f'{what}: zipfile does not write the same bytes, so its changes prove nothing')
    count = 0
    for i, (name, content) in enumerate(entries):
        rest = entries[:i] + entries[i + 1:]
        changes = {
            f'{name} removed': rest,
            f'{name} renamed': entries[:i] + [(name + '0', content)] + entries[i + 1:],
            f'{name} twice': entries[:i + 1] + entries[i:],
            f'{name} last': rest + [(name, content)],
            f'{name} emptied': entries[:i] + [(name, b'')] + entries[i + 1:],
            f'{name} behind another': entries[:i] + [('data/0', b'x')] + entries[i:],
        }
        if i + 1 < len(entries):
            changes[f'{name} after the next'] = entries[:i] + [entries[i + 1], entries[i]] + entries[i + 2:]
        for sentence, changed in changes.items():
            if changed == entries:
                continue
            expect(f'{what}: {sentence}', written(changed))
            count += 1
    for name in ('META-INF/manifest.xml', 'META-INF/signature002.p7s', 'META-INF/x', 'gm/x', 'x', '../x', 'data/'):
        expect(f'{what}: {name} added', written(entries + [(name, b'x')]))
        count += 1
    print(f'# {what}: {count} changes of entries')


try:
    with open('order.txt', 'w') as out:
        out.write('order 4711\n')
    axev('init', 'L', '--origin', 'test.example/log')
    made = axev('capture', 'file', 'order.txt', '--ledger', 'L', '--case', source + '/doc/examples/case-facts.json', '--json')
    package_id = made.split('"id":"')[1][:64]
    axev('export', package_id, '--ledger', 'L', '-o', 'case.asice')
    with open('case.asice', 'rb') as bundle_file:
        bundle = bundle_file.read()
    package = dict(entries_of(bundle))['data/packages/0001.asice']
    expect('the bundle as it was made', bundle, 0)
    failures += flip_bytes.flip('case.asice', 'L/policy.json', 1000, flip_bytes.chance_for_this_run())
    change_entries('bundle', bundle)
    change_entries('package', package)
finally:
    shutil.rmtree(scratch)
print('not ok' if failures else 'ok - every change is found')
sys.exit(1 if failures else 0)

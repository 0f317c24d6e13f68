#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Each translated reason is one that the sources still give: its English pattern stands in a message of the core.
import glob
import os
import re
import sys

os.chdir(os.environ['AXEV_SOURCE_ROOT'])
literal = r'"((?:[^"\\]|\\.)*)"'
macros = {'AXEV__MIMETYPE': 'application/vnd.etsi.asic-e+zip'}


def messages(source):
    """Adjacent literals joined, macros between them filled in, conversions as *."""
    for chain in re.findall(r'(?:"(?:[^"\\]|\\.)*"\s*(?:[A-Za-z_]\w*\s*)?)+(?:[A-Z]\w*)?', source):
        text = ''
        for quoted, name in re.findall(literal + r'|([A-Za-z_]\w*)', chain):
            if quoted or not name:
                text += quoted
            elif name.startswith('PRI'):
                text += 'u'
            else:
                text += macros.get(name, '*')
        yield re.sub(r'\*+', '*', re.sub(r'%[-0-9.*]*(?:hh|h|ll|l|z)?[a-zA-Z]', '*', text))


known = set()
for layer in ('base', 'content', 'crypto', 'foreign', 'package', 'proof', 'verify'):
    for path in glob.glob(f'lib/{layer}/*.c'):
        if path != 'lib/verify/reasons.c':
            known.update(messages(open(path, encoding='utf-8').read()))

table = open('lib/verify/reasons.c', encoding='utf-8').read()
rows = re.findall(r'\{\s*' + literal + r',\s*' + literal + r',\s*' + literal + r'\s*\}', table)
assert len(rows) > 50, len(rows)
stale = []
for name, english, _ in rows:
    if name.startswith('chain') and english.startswith('certificate chain: '):
        english = 'certificate chain: *'  # the rest are OpenSSL's words
    english = re.sub("^(local header|central directory) of '\\*': \\*: ", '****: *: ', english)
    english = re.sub('^end record: \\*: ', '****: *: ', english)
    english = re.sub(r'\*+', '*', english)
    if not any(message == english or message.endswith(': ' + english) for message in known):
        stale.append(f'{name}: no message of the core is "{english}"')
print('\n'.join(stale) or f'{len(rows)} reasons')
sys.exit(1 if stale else 0)

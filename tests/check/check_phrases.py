#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Each fixed sentence that a capture writes into its manifest, as a step or as something missing, has its Chinese in
# lib/print/form_phrases*.c.
import glob
import os
import re
import sys

os.chdir(os.environ['AXEV_SOURCE_ROOT'])
literal = r'"((?:[^"\\]|\\.)*)"'
table = ''.join(open(path, encoding='utf-8').read() for path in sorted(glob.glob('lib/print/form_phrases*.c')))
known = {english for english, _ in re.findall(r'\{\s*' + literal + r',\s*' + literal + r'\s*\}', table)}
assert len(known) > 50, len(known)
patterns = re.compile('|'.join(re.escape(english).replace('%', '(?:%|[0-9]+)') for english in known))


def call_texts(source):
    """The argument lists of the calls that write sentences."""
    for start in re.finditer(r'\b(?:axev__web_missing|axev__take_missing|axev__take_step|axev__clean_say|snprintf\((?=why|load))', source):
        depth, at, quoted = 0, source.index('(', start.start()), False
        begin = at
        while True:
            c = source[at]
            if c == '"' and source[at - 1] != '\\':
                quoted = not quoted
            if not quoted:
                depth += (c == '(') - (c == ')')
                if depth == 0:
                    break
            at += 1
        yield source[begin:at]


def sentences(call):
    """Its literals, conversions as in the table; names of files are the same in every language."""
    for quoted in re.findall(r'((?:' + literal + r'\s*(?:PRI\w+\s*)?)+)', call):
        text = ''.join(part for part in re.findall(literal, quoted[0]))
        text = re.sub(r'%(?:[-0-9.*]*(?:hh|h|ll|l|z)?[duxs]|(?=[^%]|$))', '%', text)
        if text and text != '%' and not re.fullmatch(r'[a-z0-9/%-]+\.[a-z]+', text):
            yield text


missing = []
count = 0
for path in sorted(glob.glob('lib/capture/**/*.c', recursive=True)):
    for call in call_texts(open(path, encoding='utf-8').read()):
        for sentence in sentences(call):
            count += 1
            if not patterns.fullmatch(sentence):
                missing.append(f'{path}: "{sentence}" has no Chinese')
print('\n'.join(missing) or f'{count} sentences')
sys.exit(1 if missing or count < 30 else 0)

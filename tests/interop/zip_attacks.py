#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Packages that one reader shows one way and another reader otherwise: what stock readers say, and that we refuse.

The golden package C2 is taken apart and written again with one lie each. Whatever is wrong inside is signed by nobody, so
the point is not the signature: the structure alone must be refused, with its reason, before anything inside is looked at.
"""
import io
import os
import struct
import subprocess
import sys
import tempfile
import warnings
import zipfile
import zlib

GOLDEN = os.path.join(os.environ['AXEV_TEST_DATA'], 'container', 'golden')
VERIFY = os.path.join(os.environ['AXEV_BUILD_ROOT'], 'tools', 'axev-verify')
failures = 0


def report(good, sentence, detail=''):
    global failures
    print(('ok - ' if good else 'not ok - ') + sentence)
    if not good:
        failures += 1
        for line in str(detail).splitlines():
            print('#   ' + line)


class Entry:
    """A stored entry; every field of its two headers may lie."""

    def __init__(self, name, data):
        self.name = name if isinstance(name, bytes) else name.encode()
        self.data = data
        self.local_name = None  # None: the same
        self.flags = self.method = self.external = 0
        self.crc = self.local_crc = None
        self.size = self.stored = None
        self.extra = self.comment = b''
        self.before = b''  # bytes before the local header
        self.at = None  # the directory points here
        self.hidden = False  # no entry in the directory
        self.ghost = False  # only in the directory

    def local(self):
        name = self.name if self.local_name is None else self.local_name
        crc = zlib.crc32(self.data) if self.local_crc is None else self.local_crc
        return struct.pack('<IHHHHHIIIHH', 0x04034b50, 10, self.flags, self.method, 0, 0x21, crc,
                           len(self.data) if self.stored is None else self.stored,
                           len(self.data) if self.size is None else self.size, len(name), 0) + name + self.data

    def central(self, offset):
        crc = zlib.crc32(self.data) if self.crc is None else self.crc
        return struct.pack('<IHHHHHHIIIHHHHHII', 0x02014b50, 10, 10, self.flags, self.method, 0, 0x21, crc,
                           len(self.data) if self.stored is None else self.stored,
                           len(self.data) if self.size is None else self.size, len(self.name), len(self.extra),
                           len(self.comment), 0, 0, self.external,
                           offset if self.at is None else self.at) + self.name + self.extra + self.comment


def write(entries, prefix=b'', comment=b'', count=None, before_end=b''):
    out, directory, number = prefix, b'', 0
    for entry in entries:
        out += entry.before
        offset = len(out)
        if not entry.ghost:
            out += entry.local()
        if not entry.hidden:
            directory += entry.central(offset)
            number += 1
    number = number if count is None else count
    end = struct.pack('<IHHHHIIH', 0x06054b50, 0, 0, number, number, len(directory), len(out), len(comment))
    return out + directory + before_end + end + comment


def golden():
    with zipfile.ZipFile(os.path.join(GOLDEN, 'c2.asice')) as archive:
        return [Entry(info.filename, archive.read(info)) for info in archive.infolist()]


def find(entries, name):
    return next(entry for entry in entries if entry.name == name.encode())


# ---- readers ----

def verify(data):
    with open('x.asice', 'wb') as out:
        out.write(data)
    run = subprocess.run([VERIFY, 'x.asice', '--policy', os.path.join(GOLDEN, 'policy.json'), '--at', '2026-09-21T14:30:00Z',
                          '--lang', 'en', '--full'], capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


def refused(number, sentence, data, reason):
    code, text = verify(data)
    found = [line for line in text.splitlines() if line.strip().startswith('found:') and 'as expected' not in line]
    report(code == 1 and found and reason in found[0], f'{number}: {sentence}',
           f'exit {code}, expected 1 and "{reason}"\n{text[:3000]}')


def python_shows(data, name):
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(name)


def unzip_shows(data, name):
    with open('x.zip', 'wb') as out:
        out.write(data)
    return subprocess.run(['unzip', '-p', 'x.zip', name], capture_output=True).stdout


def stream_shows(data, name):
    """A reader of a stream sees local headers one after another and never the directory."""
    return subprocess.run(['bsdtar', '-xOf', '-', name], input=data, capture_output=True).stdout


def unzip_tests(data):
    with open('x.zip', 'wb') as out:
        out.write(data)
    return subprocess.run(['unzip', '-tqq', 'x.zip'], capture_output=True).returncode


NOTE = 'data/files/000001.bin'
GOOD = '测试\n'.encode()
EVIL = '不同\n'.encode()


def zip_1():
    entries = golden()
    evil = Entry(NOTE, EVIL)
    evil.hidden = True
    entries.insert(entries.index(find(entries, NOTE)), evil)
    data = write(entries)
    report(python_shows(data, NOTE) == GOOD and stream_shows(data, NOTE).startswith(EVIL),
           'ZIP-1: python shows one content, a stream reader another')
    refused('ZIP-1', 'a local header that the directory does not know is refused', data,
            'a gap, an overlap or another order')
    entries = golden()
    last = Entry('data/late', EVIL)
    last.hidden = True
    entries.append(last)
    refused('ZIP-1', 'the same behind the last entry is refused', write(entries), 'something stands before it')


def zip_2():
    entries = golden()
    place = entries.index(find(entries, NOTE))
    entries.insert(place, Entry(NOTE, EVIL))
    data = write(entries)
    report(python_shows(data, NOTE) == GOOD and stream_shows(data, NOTE).startswith(EVIL),
           'ZIP-2: which of two entries of one name is shown depends on the reader')
    refused('ZIP-2', 'a name that is there twice is refused', data, 'is there twice')


def zip_3():
    entries = golden()
    find(entries, NOTE).local_name = b'data/files/00000x.bin'
    data = write(entries)
    report(unzip_shows(data, NOTE) == GOOD and stream_shows(data, 'data/files/00000x.bin') == GOOD,
           'ZIP-3: unzip knows the entry by one name, a stream reader by another')
    refused('ZIP-3', 'a name that differs between the two headers is refused', data, 'name or extra field')


def zip_4():
    entries = golden()
    find(entries, NOTE).local_crc = 0
    data = write(entries)
    report(python_shows(data, NOTE) == GOOD, 'ZIP-4: python does not look at the local CRC-32')
    refused('ZIP-4', 'a CRC-32 that differs between the two headers is refused', data, 'CRC-32: expected byte')
    entries = golden()
    find(entries, NOTE).crc = find(entries, NOTE).local_crc = 1
    refused('ZIP-4', 'a CRC-32 that is not that of the content is refused', write(entries), 'its content was changed')


def zip_5():
    whole = write(golden())
    shifted = write(golden(), prefix=b'MZ' + bytes(62))
    report(unzip_tests(shifted) == 0 and python_shows(shifted, NOTE) == GOOD,
           'ZIP-5: a program in front of a package is no fault to unzip and python')
    refused('ZIP-5', 'bytes before the first header are refused', shifted, 'expected its local header at 0')
    refused('ZIP-5', 'bytes before the first header without offsets are refused', b'MZ' + whole, 'something stands between')
    report(python_shows(whole + b'\0', NOTE) == GOOD, 'ZIP-5: bytes behind a package are no fault to python')
    refused('ZIP-5', 'bytes behind the end record are refused', whole + b'\0', 'expected the end record')
    refused('ZIP-5', 'a comment is refused', write(golden(), comment=b'hello'), 'expected the end record')
    refused('ZIP-5', 'bytes before the end record are refused', write(golden(), before_end=b'x'), 'something stands between')
    entries = golden()
    entries.insert(-5, Entry(b'data/a.txt\0.exe', b'x'))
    report(any(name == 'data/a.txt' for name in zipfile.ZipFile(io.BytesIO(write(entries))).namelist()),
           'ZIP-5: python cuts a name at NUL')
    refused('ZIP-5', 'NUL in a name is refused', write(entries), 'expected a name as data/')
    entries = golden()
    entries.insert(-5, Entry('data/files/000001.BIN', EVIL))
    refused('ZIP-5', 'twins of a name that differ by case are refused', write(entries), 'expected a name as data/')
    entries = golden()
    find(entries, NOTE).extra = b'UT\x05\0\x01\0\0\0\0'
    refused('ZIP-5', 'extra fields are refused', write(entries), 'bytes of extra field')
    entries = golden()
    find(entries, NOTE).comment = b'c'
    refused('ZIP-5', 'a comment of an entry is refused', write(entries), 'comment length')


def zip_6():
    for name in ['../../tmp/x', 'data/../../x', '/etc/passwd', 'C:/x', 'C:x', '//server/share/x', 'data\\..\\x', 'data/nul',
                 'data/con.txt', 'data/a/', 'data/./a', 'data//a', 'data/a.', 'data/-rf\n', 'META-INF/../data/x']:
        entries = golden()
        entries.insert(-5, Entry(name, b'x'))
        refused('ZIP-6', f'the name {name!r} is refused', write(entries), 'expected a name as data/')
    entries = golden()
    link = find(entries, NOTE)
    link.external = 0o120777 << 16
    refused('ZIP-6', 'a symbolic link is refused', write(entries), 'external attributes')
    entries = golden()
    entries.insert(-5, Entry('data/files', b'x'))
    refused('ZIP-6', 'a file that is also a directory is refused', write(entries), 'is also the directory of')


def zip_7():
    entries = golden()
    entry = find(entries, NOTE)
    entry.size = entry.stored = len(entry.data) + 100
    refused('ZIP-7', 'a size larger than the content is refused', write(entries), 'a gap, an overlap or another order')
    entries = golden()
    entry = find(entries, NOTE)
    entry.size = entry.stored = len(entry.data) - 1
    refused('ZIP-7', 'a size smaller than the content is refused', write(entries), 'a gap, an overlap or another order')
    entries = golden()
    entry = find(entries, NOTE)
    entry.size = 1 << 31  # and stored as it is
    refused('ZIP-7', 'two sizes that do not fit the bytes are refused', write(entries), 'stored size: expected byte')
    entries = golden()
    ghost = Entry('data/files/000003.bin', GOOD)
    ghost.ghost = True
    entries.insert(entries.index(find(entries, NOTE)) + 1, ghost)
    ghost.at = write(golden()).index(find(golden(), NOTE).local())
    refused('ZIP-7', 'entries that share their bytes are refused', write(entries), 'a gap, an overlap or another order')
    entries = golden()[:1] + [Entry(f'data/{n:04}', b'') for n in range(901)] + golden()[-5:]
    refused('ZIP-7', 'more than 900 objects are refused', write(entries), 'expected at most 900 data/ entries')
    entries = golden()[:1] + [Entry(f'data/{n:04}', b'') for n in range(1001)]
    refused('ZIP-7', 'more than 1000 entries are refused', write(entries), 'expected 1 to 1000 entries, found 1002')
    refused('ZIP-7', 'an end record that counts fewer entries is refused', write(golden(), count=3), 'expected 3 entries and its end')
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, 'w', zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr('zeros', bytes(10 ** 7))
    entries = golden()
    entries.insert(-5, Entry('data/package.zip', inner.getvalue()))
    refused('ZIP-7', 'an archive inside is bytes, never unpacked', write(entries), 'manifest-sha256.txt')


def zip_8():
    for flags, what in [(1, 'encrypted'), (8, 'with a data descriptor'), (0x800, 'with an UTF-8 flag'), (0x40, 'strongly encrypted')]:
        entries = golden()
        find(entries, NOTE).flags = flags
        refused('ZIP-8', f'an entry {what} is refused', write(entries), 'flags: expected byte')
    for method in [8, 9, 12, 14, 93, 99]:
        entries = golden()
        find(entries, NOTE).method = method
        refused('ZIP-8', f'method {method} is refused', write(entries), 'method: expected byte')
    entries = golden()
    entry = find(entries, NOTE)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    entry.crc = entry.local_crc = zlib.crc32(GOOD)
    entry.size, entry.method = len(GOOD), 8
    entry.data = packer.compress(GOOD) + packer.flush()
    entry.stored = len(entry.data)
    data = write(entries)
    report(python_shows(data, NOTE) == GOOD, 'ZIP-8: the same package, deflated, is the same to others')
    refused('ZIP-8', 'a deflated entry is refused', data, 'method: expected byte')
    whole = write(golden())
    refused('ZIP-8', 'two end records are refused', whole + whole[-22:], 'something stands between')
    evil = golden()
    find(evil, NOTE).data = EVIL
    wrapped = write(evil)
    refused('ZIP-8', 'a whole package in the comment of another is refused', write(golden(), comment=wrapped),
            'something stands between')
    locator = struct.pack('<IIQI', 0x07064b50, 0, 0, 1)
    end64 = struct.pack('<IQHHIIQQQQ', 0x06064b50, 44, 45, 45, 0, 0, 1, 1, 46, 0)
    refused('ZIP-8', 'a ZIP64 end record that says something else is refused',
            write(golden(), before_end=end64 + locator), 'something stands between')
    disks = bytearray(whole)
    disks[-18] = 1
    refused('ZIP-8', 'a part of several disks is refused', bytes(disks), 'disk: expected byte')


def zip_9():
    for name, what in [('data/笔录.txt'.encode(), 'UTF-8'), ('data/笔录.txt'.encode('gbk'), 'GBK'),
                       ('data/笔录.txt'.encode('big5hkscs', 'replace'), 'Big5'), (b'data/\xff', 'no encoding')]:
        entries = golden()
        entries.insert(-5, Entry(name, GOOD))
        refused('ZIP-9', f'a name in {what} is refused: every reader shows it otherwise', write(entries), 'expected a name as data/')


# ---- the container's own rules ----

def con_1():
    entries = golden()
    entries.insert(-5, Entry('data/zzz', EVIL))
    data = write(entries)
    report(unzip_tests(data) == 0, 'CON-1: unzip finds nothing wrong with a file that nobody signed')
    refused('CON-1', 'a file that no list names is refused', data, 'manifest-sha256.txt')
    for name in ['META-INF/evil.txt', 'META-INF/manifest.xml', 'META-INF/signature002.p7s', 'META-INF/timestamp001.tst',
                 'META-INF/ASiCArchiveManifest.xml', 'META-INF/evidencerecord.ers', 'readme.txt', 'gm/sm2.p7s']:
        entries = golden()
        entries.append(Entry(name, EVIL))
        refused('CON-1', f'{name} is refused', write(entries),
                'one signature for each ASiCManifest' if 'signature002' in name else 'expected a name as data/')


def con_2():
    name = 'META-INF/ASiCManifest001.xml'
    reference = b'  <asic:DataObjectReference URI="data/files/000001.bin">'
    end = b'  </asic:DataObjectReference>\n'
    xml = find(golden(), name).data
    start = xml.index(reference)
    stop = xml.index(end, start) + len(end)
    row = xml[start:stop]
    head = xml.index(b'  <asic:DataObjectReference')
    lies = {
        'a reference that is missing': xml[:start] + xml[stop:],
        'a reference that is there twice': xml[:stop] + row + xml[stop:],
        'a reference to another name': xml.replace(b'000001.bin', b'000009.bin'),
        'a reference outside': xml[:start] + row.replace(b'data/files/000001.bin', b'../evil') + xml[stop:],
        'a reference to the manifest itself': xml[:start] + row.replace(b'data/files/000001.bin', name.encode()) + xml[stop:],
        'a reference with %20': xml.replace(b'URI="data/files/000001.bin"', b'URI="data/files%2F000001.bin"'),
        'a weaker digest': xml.replace(b'http://www.w3.org/2001/04/xmlenc#sha256', b'http://www.w3.org/2000/09/xmldsig#sha1'),
        'another signature file': xml.replace(b'signature001.p7s', b'signature002.p7s'),
        'a critical extension': xml[:head] + b'  <asic:ASiCManifestExtensions><asic:Extension Critical="true"/>'
                                             b'</asic:ASiCManifestExtensions>\n' + xml[head:],
        'an entity': xml.replace(b'?>\n', b'?>\n<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>\n', 1),
        'a byte order mark': b'\xef\xbb\xbf' + xml,
        'a comment': xml.replace(b'</asic:ASiCManifest>', b'<!-- --></asic:ASiCManifest>'),
        'other line ends': xml.replace(b'\n', b'\r\n'),
    }
    for what, changed in lies.items():
        entries = golden()
        assert changed != xml, what
        find(entries, name).data = changed
        refused('CON-2', f'{what} in the ASiCManifest is refused', write(entries), "entry 'META-INF/ASiCManifest001.xml'")
    entries = golden()
    second = Entry('META-INF/ASiCManifest002.xml', xml)
    entries.insert(-1, second)
    refused('CON-2', 'two manifests that name one signature are refused', write(entries), 'expected 2 signatures, found 1')
    entries = golden()
    find(entries, 'manifest-sha256.txt').data += b'0' * 64 + b'  data/none\n'
    refused('CON-2', 'a line too many in manifest-sha256.txt is refused', write(entries), "entry 'manifest-sha256.txt'")
    entries = golden()
    find(entries, NOTE).data = EVIL
    refused('CON-2', 'a changed object is refused', write(entries), "entry 'manifest-sha256.txt'")
    entries = golden()
    entries.remove(find(entries, NOTE))
    refused('CON-2', 'a missing object is refused', write(entries), "entry 'manifest-sha256.txt'")


def con_3():
    exact = find(golden(), 'mimetype').data
    for what, data in {'with a line end': exact + b'\n', 'with a byte order mark': b'\xef\xbb\xbf' + exact, 'in UTF-16': exact.decode().encode('utf-16'),
                       'of ASiC-S': b'application/vnd.etsi.asic-s+zip', 'that is empty': b''}.items():
        entries = golden()
        find(entries, 'mimetype').data = data
        refused('CON-3', f'a mimetype {what} is refused', write(entries), "entry 'mimetype': expected exactly")
    refused('CON-3', 'no mimetype is refused', write(golden()[1:]), 'expected mimetype as the first entry')
    entries = golden()
    refused('CON-3', 'a mimetype that is not first is refused', write(entries[1:2] + entries[:1] + entries[2:]),
            'expected mimetype as the first entry')
    entries = golden()
    entries.insert(1, Entry('mimetype', exact))
    refused('CON-3', 'a second mimetype is refused', write(entries), 'cannot stand after')
    entries = golden()
    entries.insert(-5, Entry('data/x/mimetype', b'text/plain'))
    refused('CON-3', 'an object called mimetype is an object like others, so it must be listed', write(entries), 'manifest-sha256.txt')


def con_4():
    token = find(golden(), 'META-INF/signature001.p7s').data
    for name in ['META-INF/timestamp001.tst', 'META-INF/timestamp001-copied-arctst.tst', 'META-INF/timestamp10.tst']:
        entries = golden()
        entries.append(Entry(name, token))
        refused('CON-4', f'a further token {name} is refused: it could cover less than it seems', write(entries),
                'expected a name as data/')
    entries = golden()
    entries[-1], entries[-2] = entries[-2], entries[-1]
    refused('CON-4', 'signatures before their manifests are refused', write(entries), 'signatures cannot stand after manifest-sha256.txt')


def main():
    with open(os.path.join(GOLDEN, 'c2.asice'), 'rb') as honest, tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        whole = honest.read()
        report(write(golden()) == whole, 'what is written here without a lie is the golden package')
        code, text = verify(whole)
        report(code == 0, 'and valid', text)
        for attack in (zip_1, zip_2, zip_3, zip_4, zip_5, zip_6, zip_7, zip_8, zip_9, con_1, con_2, con_3, con_4):
            attack()
    sys.exit(1 if failures else 0)


main()

# SPDX-License-Identifier: Apache-2.0
"""Workbooks written part by part, with what a test wants to be wrong with them."""
import struct
import zipfile
import zlib

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def parts(sheet_data, before="", after="", strings=None, prolog=XML):
    """The entries of a workbook with one sheet."""
    relations = f'<Relationship Id="r1" Type="{TYPES}/worksheet" Target="worksheets/sheet1.xml"/>'
    made = {
        "_rels/.rels": f'{XML}<Relationships><Relationship Id="a" Type="{TYPES}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{TYPES}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'{prolog}<worksheet xmlns="{MAIN}">{before}<sheetData>{sheet_data}</sheetData>{after}</worksheet>',
    }
    if strings is not None:
        relations += f'<Relationship Id="r2" Type="{TYPES}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
        made["xl/sharedStrings.xml"] = f'{XML}<sst xmlns="{MAIN}">{strings}</sst>'
    made["xl/_rels/workbook.xml.rels"] = f"{XML}<Relationships>{relations}</Relationships>"
    return made


def write(path, made, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as file:
        for name, content in made.items():
            file.writestr(name, content)


def write_bomb(path, made, name, mib):
    """The workbook with @mib MiB of blanks in the sheet data of @name, of which the file has a thousandth. Only the blanks are packed."""
    def packed(head, blanks, tail):
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        before = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
        piece = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
        crc = zlib.crc32(head)
        for _ in range(blanks):
            crc = zlib.crc32(b" " * (1 << 20), crc)
        return before + piece * blanks + packer.compress(tail) + packer.flush(), len(head) + (blanks << 20) + len(tail), zlib.crc32(tail, crc)

    file = directory = b""
    for entry, content in made.items():
        head, mark, tail = content.encode().partition(b"</sheetData>")
        data, size, crc = packed(head, mib if entry == name else 0, mark + tail)
        common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(data), size, len(entry), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(file)) + entry.encode()
        file += b"PK\3\4" + common + entry.encode() + data
    end = struct.pack("<HHHHIIH", 0, 0, len(made), len(made), len(directory), len(file), 0)
    with open(path, "wb") as out:
        out.write(file + directory + b"PK\5\6" + end)

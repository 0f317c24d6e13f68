# SPDX-License-Identifier: Apache-2.0
"""A page whose parts come over TLS of many kinds, each from an openssl s_server of its own.

tls_site.py FOLDER: makes keys and certificates below FOLDER, starts the servers, prints one JSON object: "urls" by name,
and "ca", the root of them all. The page of "p256" embeds one picture of each other good server. Ends when it is
terminated."""
import base64
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time

from truth_tls import Authority, openssl

RIGHT = "DNS:localhost,IP:127.0.0.1"
P256 = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
P384 = ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]
RSA = ["rsa:2048"]

# name: key, subjectAltName, options of s_server. The first is the page, the next its parts, the rest stand alone.
GOOD = {
    "p256": (P256, RIGHT, ["-tls1_3"]),
    "p384": (P384, RIGHT, ["-tls1_3"]),
    "rsa": (RSA, RIGHT, ["-tls1_3"]),
    "sha384": (P256, RIGHT, ["-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384"]),
    "retry": (P256, RIGHT, ["-tls1_3", "-groups", "P-384"]),
    "p256_12": (P256, RIGHT, ["-tls1_2"]),
    "p384_12": (P384, RIGHT, ["-tls1_2"]),
    "rsa_12": (RSA, RIGHT, ["-tls1_2"]),
    "rsa_pkcs1_12": (RSA, RIGHT, ["-tls1_2", "-sigalgs", "RSA+SHA256"]),
    "sct": (P256, RIGHT, ["-tls1_3"]),
    "sct_stapled": (P256, RIGHT, ["-tls1_3", "-status_file", "../sct_stapled.ocsp"]),
    "sct_stapled_12": (P256, RIGHT, ["-tls1_2", "-status_file", "../sct_stapled_12.ocsp"]),
    "sct_beside_12": (P256, RIGHT, ["-tls1_2", "-serverinfo", "../sct_beside_12.info"]),
}
BAD = {
    "wrong_name": (P256, "DNS:elsewhere.example", ["-tls1_3"]),
    "expired": (P256, RIGHT, ["-tls1_3"]),
    "self_signed": (P256, RIGHT, ["-tls1_3"]),
    "self_signed_12": (P256, RIGHT, ["-tls1_2"]),
    "sct_wrong": (P256, RIGHT, ["-tls1_3"]),
    "resumed": (P256, RIGHT, ["-tls1_3"]),
    "key_transport": (RSA, RIGHT, ["-tls1_2", "-cipher", "AES128-GCM-SHA256"]),
}
PIXEL = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")


def issue(name, key, names):
    with open(name + ".cnf", "w") as file:
        file.write(f"subjectAltName={names}\nextendedKeyUsage=serverAuth\nkeyUsage=digitalSignature,keyEncipherment\n")
    openssl("req", "-newkey", *key, "-nodes", "-config", os.devnull, "-keyout", name + ".key", "-out", name + ".csr",
            "-subj", "/CN=localhost")
    openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-sha256",
            "-days", "20", "-extfile", name + ".cnf", "-out", name + ".pem")


# ---- certificates with the promise of a log in them (RFC 6962) ----

LEAF_CONFIG = """[ca]
default_ca = one
[one]
database = {folder}/index.txt
serial = {folder}/serial
new_certs_dir = {folder}
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = any
x509_extensions = leaf
[any]
commonName = supplied
[leaf]
keyUsage = digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {names}
{more}
"""


def vector(data, width=2):
    return len(data).to_bytes(width, "big") + data


def public_key(arguments):
    return subprocess.run(["openssl", *arguments], capture_output=True, check=True).stdout


def timestamp(entry, milliseconds):
    """An SCT of the log over @entry, signed by the openssl command."""
    log_id = hashlib.sha256(public_key(["pkey", "-in", "log.key", "-pubout", "-outform", "DER"])).digest()
    with open("sct.tbs", "wb") as file:
        file.write(b"\0\0" + milliseconds.to_bytes(8, "big") + entry + b"\0\0")
    openssl("dgst", "-sha256", "-sign", "log.key", "-out", "sct.sig", "sct.tbs")
    with open("sct.sig", "rb") as file:
        return b"\0" + log_id + milliseconds.to_bytes(8, "big") + b"\0\0\4\3" + vector(file.read())


def sign_leaf(name, folder, more=""):
    """The same certificate each time, but for @more at the end of its extensions."""
    os.makedirs(folder)
    open(folder + "/index.txt", "w").close()
    with open(folder + "/serial", "w") as file:
        file.write("7700\n")
    with open(folder + "/cnf", "w") as file:
        file.write(LEAF_CONFIG.format(folder=folder, names=RIGHT, more=more))
    start = time.strftime("%Y%m%d", time.gmtime(time.time() - 86400)) + "000000Z"
    end = time.strftime("%Y%m%d", time.gmtime(time.time() + 20 * 86400)) + "000000Z"
    openssl("ca", "-batch", "-notext", "-config", folder + "/cnf", "-in", name + ".csr", "-startdate", start,
            "-enddate", end, "-out", name + ".pem")


def issue_with_timestamp(name, milliseconds, is_right):
    openssl("req", "-newkey", *P256, "-nodes", "-config", os.devnull, "-keyout", name + ".key", "-out", name + ".csr",
            "-subj", "/CN=localhost")
    sign_leaf(name, name + "-without")
    openssl("asn1parse", "-in", name + ".pem", "-strparse", "4", "-noout", "-out", name + ".tbs")
    with open("ca.spki", "wb") as file:
        file.write(public_key(["x509", "-in", "ca.pem", "-noout", "-pubkey"]))
    issuer = hashlib.sha256(public_key(["pkey", "-pubin", "-in", "ca.spki", "-outform", "DER"])).digest()
    with open(name + ".tbs", "rb") as file:
        entry = b"\0\1" + issuer + vector(file.read() if is_right else b"another certificate", 3)
    octets = vector(vector(timestamp(entry, milliseconds)))
    assert len(octets) < 128
    sign_leaf(name, name + "-with", "1.3.6.1.4.1.11129.2.4.2 = DER:04" + bytes([len(octets)]).hex() + octets.hex())


def timestamp_beside(name, milliseconds):
    """A timestamp over the whole certificate, for the TLS extension: for s_server's -serverinfo."""
    with open(name + ".der", "wb") as file:
        file.write(public_key(["x509", "-in", name + ".pem", "-outform", "DER"]))
    with open(name + ".der", "rb") as file:
        octets = vector(vector(timestamp(b"\0\0" + vector(file.read(), 3), milliseconds)))
    with open(name + ".info", "w") as file:
        file.write("-----BEGIN SERVERINFO FOR CT-----\n" +
                   base64.encodebytes(b"\0\x12" + vector(octets)).decode() + "-----END SERVERINFO FOR CT-----\n")


def der(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def timestamp_stapled(name, milliseconds):
    """The same in an OCSP response (RFC 6960 4.2.1), which openssl's own responder puts no extension into."""
    certificate = public_key(["x509", "-in", name + ".pem", "-outform", "DER"])
    serial = int(public_key(["x509", "-in", name + ".pem", "-noout", "-serial"]).decode().split("=")[1], 16)
    now = der(0x18, time.strftime("%Y%m%d%H%M%SZ", time.gmtime()).encode())
    sha1, ecdsa_sha256 = der(0x30, bytes.fromhex("06052b0e03021a0500")), der(0x30, bytes.fromhex("06082a8648ce3d040302"))
    of = der(0x30, sha1, der(0x04, bytes(20)), der(0x04, bytes(20)), der(0x02, serial.to_bytes(21, "big").lstrip(b"\0")))
    scts = vector(vector(timestamp(b"\0\0" + vector(certificate, 3), milliseconds)))
    extension = der(0x30, bytes.fromhex("060a2b06010401d679020405"), der(0x04, der(0x04, scts)))
    single = der(0x30, of, der(0x80), now, der(0xA1, der(0x30, extension)))
    data = der(0x30, der(0xA2, der(0x04, bytes(20))), now, der(0x30, single))
    with open("ocsp.tbs", "wb") as file:
        file.write(data)
    openssl("dgst", "-sha256", "-sign", "ca.key", "-out", "ocsp.sig", "ocsp.tbs")
    with open("ocsp.sig", "rb") as file:
        basic = der(0x30, data, ecdsa_sha256, der(0x03, b"\0", file.read()))
    with open(name + ".ocsp", "wb") as file:
        file.write(der(0x30, der(0x0A, b"\0"), der(0xA0, der(0x30, bytes.fromhex("06092b0601050507300101"), der(0x04, basic)))))


def free_port():
    with socket.socket(socket.AF_INET6) as one:
        one.bind(("::1", 0))
        return one.getsockname()[1]


def serve(name, options):
    """s_server answers one connection after another; -HTTP sends files that hold a whole answer."""
    port = free_port()
    os.makedirs("www-" + name, exist_ok=True)
    process = subprocess.Popen(["openssl", "s_server", "-accept", f"[::1]:{port}", "-key", f"../{name}.key", "-cert",
                                f"../{name}.pem", "-HTTP", "-quiet", *options], cwd="www-" + name,
                               stdout=subprocess.DEVNULL, stderr=open(name + ".err", "w"))
    return process, f"https://localhost:{port}/"


def answer(path, media_type, body):
    with open(path, "wb") as file:
        file.write(b"HTTP/1.0 200 OK\r\nContent-Type: " + media_type.encode() + b"\r\nContent-Length: " +
                   str(len(body)).encode() + b"\r\n\r\n" + body)


def main():
    os.chdir(sys.argv[1])
    authority = Authority(".")
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "log.key")
    openssl("pkey", "-in", "log.key", "-pubout", "-out", "log.pem")
    now = int(time.time()) * 1000
    processes, urls = [], {}
    for name, (key, names, options) in {**GOOD, **BAD}.items():
        if name.startswith("self_signed"):
            authority.self_sign(name, "localhost", "subjectAltName=" + names)
        elif name == "expired":
            authority.issue(name, "localhost", names, "-startdate", "20200101000000Z", "-enddate", "20210101000000Z")
        elif name in ("sct", "sct_wrong"):
            issue_with_timestamp(name, now, name == "sct")
        else:
            issue(name, key, names)
        if name == "sct_beside_12":
            timestamp_beside(name, now)
        if name.startswith("sct_stapled"):
            timestamp_stapled(name, now)
        process, urls[name] = serve(name, options)
        processes.append(process)
        answer("www-" + name + "/x.gif", "image/gif", PIXEL)
    images = "".join(f'<img src="{urls[name]}x.gif">' for name in GOOD if name != "p256")
    page = f"<!doctype html><title>TLS</title><p>Counterfeit goods, 99.00</p>{images}"
    # Parts one after another: by then there is a ticket of an earlier connection.
    again = f"""<!doctype html><title>Resumed</title><p>x<script>
const parts = {json.dumps([urls[name] + 'x.gif' for name in ('resumed', 'p256_12', 'p256_12')])};
const next = () => {{ if (parts.length) Object.assign(new Image(), {{ onload: next, src: parts.shift() + '?' + parts.length }}); }};
addEventListener('load', next);
</script>"""
    for number in range(3):
        for name in ("resumed", "p256_12"):
            answer(f"www-{name}/x.gif?{number}", "image/gif", PIXEL)
    for name in urls:
        answer("www-" + name + "/page.html", "text/html; charset=utf-8", {"p256": page, "resumed": again}.get(name, "<p>x").encode())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        for name, url in urls.items():  # each is there before anyone is told
            for _ in range(100):
                with socket.socket(socket.AF_INET6) as one:
                    if one.connect_ex(("::1", int(url.rsplit(":", 1)[1].rstrip("/")))) == 0:
                        break
                time.sleep(0.05)
            else:
                raise RuntimeError(name + " does not listen")
        print(json.dumps({"urls": urls, "ca": os.path.abspath("ca.pem")}), flush=True)
        while True:
            time.sleep(3600)
    finally:
        for process in processes:
            process.terminate()


main()

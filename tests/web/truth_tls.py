# SPDX-License-Identifier: Apache-2.0
"""A certificate authority of its own, and certificates that are right or wrong, all made by openssl."""
import os
import ssl
import subprocess

RIGHT_NAMES = "DNS:localhost,IP:127.0.0.1,DNS:shop.example,DNS:*.shop.example"

CA_CONFIG = """[ca]
default_ca = truth
[truth]
database = {dir}/ca-index.txt
serial = {dir}/ca-serial
new_certs_dir = {dir}
certificate = {dir}/ca.pem
private_key = {dir}/ca.key
default_md = sha256
policy = any
unique_subject = no
x509_extensions = leaf
[any]
commonName = supplied
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {names}
"""


def openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError("openssl " + arguments[0] + ": " + done.stderr)


class Authority:
    def __init__(self, directory):
        self.directory = directory
        self.pem = os.path.join(directory, "ca.pem")
        self.key = os.path.join(directory, "ca.key")
        self.self_sign("ca", "Truth test authority", "basicConstraints=critical,CA:TRUE",
                       "keyUsage=critical,keyCertSign,cRLSign")
        open(os.path.join(directory, "ca-index.txt"), "w").close()
        with open(os.path.join(directory, "ca-serial"), "w") as file:
            file.write("1000\n")

    def path(self, name):
        return os.path.join(self.directory, name)

    def self_sign(self, name, common_name, *extensions):
        arguments = []
        for extension in extensions:
            arguments += ["-addext", extension]
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256",
                "-days", "30", "-keyout", self.path(name + ".key"), "-out", self.path(name + ".pem"),
                "-subj", "/CN=" + common_name, "-config", os.devnull, *arguments)

    def issue(self, name, common_name, names, *dates):
        config = self.path(name + ".cnf")
        with open(config, "w") as file:
            file.write(CA_CONFIG.format(dir=self.directory, names=names))
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", os.devnull,
                "-keyout", self.path(name + ".key"), "-out", self.path(name + ".csr"), "-subj", "/CN=" + common_name)
        openssl("ca", "-batch", "-notext", "-config", config, "-in", self.path(name + ".csr"),
                "-out", self.path(name + ".pem"), *(dates or ("-days", "20")))

    def context(self, name, protocols):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path(name + ".pem"), self.path(name + ".key"))
        context.set_alpn_protocols(protocols)
        return context


def contexts(directory):
    """TLS contexts by the name of their port."""
    authority = Authority(directory)
    authority.issue("right", "localhost", RIGHT_NAMES)
    authority.issue("expired", "localhost", RIGHT_NAMES, "-startdate", "20200101000000Z", "-enddate", "20210101000000Z")
    authority.issue("wrong_name", "elsewhere.example", "DNS:elsewhere.example")
    authority.self_sign("self_signed", "localhost", "subjectAltName=" + RIGHT_NAMES)
    both = ["h2", "http/1.1"]
    return {
        "https": authority.context("right", both),
        "https1": authority.context("right", ["http/1.1"]),
        "expired": authority.context("expired", both),
        "wrong_name": authority.context("wrong_name", both),
        "self_signed": authority.context("self_signed", both),
    }

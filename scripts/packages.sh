# SPDX-License-Identifier: Apache-2.0
# Debian packages that the project needs, in one place. Sourced by run-tests and quickstart.

# To build and to capture.
packages_build="build-essential meson ninja-build pkg-config libssl-dev libjansson-dev zlib1g-dev
	libgit2-dev libcurl4-openssl-dev libnghttp2-dev libexpat1-dev libsqlite3-dev libpq-dev libmariadb-dev unixodbc-dev libcairo2-dev libpango1.0-dev libpng-dev
	libqrencode-dev libavcodec-dev libavformat-dev libavdevice-dev libswscale-dev check fonts-noto-cjk fonts-dejavu-core ca-certificates git python3 curl"

# What a web capture runs: the browser, its sandbox, and certutil for a further TLS root; drivers of databases.
packages_capture="chromium chromium-sandbox libnss3-tools util-linux libsqlite3-0 libpq5 libmariadb3 libodbc2"

# Stock tools and independent readers that the tests hold our output against.
packages_test="g++ openssl unzip zip xxd jq git-lfs openssh-client poppler-utils qpdf zbar-tools
	sqlite3 postgresql mariadb-server-core mariadb-client-core libsqliteodbc odbc-postgresql libarchive-tools libarchive-dev mandoc strace bind9-dnsutils dnsmasq-base libedit2 iproute2 file procps nodejs
	python3-h2 python3-openpyxl python3-brotli ffmpeg xvfb xauth xdotool x11-xserver-utils"
# Node.js from elsewhere brings its own npm, which the package would contradict.
command -v npm >/dev/null || packages_test="$packages_test npm"

# install_missing PACKAGE...: ask apt only for what is not there yet.
install_missing() {
	local missing=() package sudo=
	for package in "$@"; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
			missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	echo "installing: ${missing[*]}"
	[ "$(id -u)" -eq 0 ] || sudo=sudo
	$sudo apt-get update -q </dev/null
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
		"${missing[@]}" </dev/null
}

// SPDX-License-Identifier: Apache-2.0
// A site that lets in whoever shows a certificate of the root's: node client_site.mjs FOLDER prints a JSON line of its ports, one
// over TLS 1.3 and one over TLS 1.2. Each line of shown.txt is a certificate that a client showed.
import fs from 'node:fs';
import https from 'node:https';

const [folder] = process.argv.slice(2);
const read = name => fs.readFileSync(`${folder}/${name}`);
const tls = { key: read('site.key'), cert: read('site.pem'), ca: read('ca.pem'), requestCert: true, rejectUnauthorized: true };

function answer(request, response) {
  const shown = request.socket.getPeerCertificate();
  fs.appendFileSync('shown.txt', `${request.headers.host} ${request.url} ${shown.subject.CN}\n`);
  response.setHeader('content-type', 'text/html');
  const other = new URL(request.url, 'https://x').searchParams.get('other');
  response.end(`<title>Inside</title><h1>hello ${shown.subject.CN}</h1>${other ? `<img src="https://127.0.0.1:${other}/image">` : ''}`);
}
const started = ['TLSv1.3', 'TLSv1.2'].map(version => new Promise(resolve => {
  const server = https.createServer({ ...tls, minVersion: version, maxVersion: version }, answer);
  server.listen(0, '127.0.0.1', () => resolve([version, server.address().port]));
}));
console.log(JSON.stringify(Object.fromEntries(await Promise.all(started))));

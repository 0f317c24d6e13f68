#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compare_requests.py WIRE/requests.json EVIDENCE.json WARC: is what the browser's two sides say of the requests of the
truth server's page joined as that page is written, and does each answer of the WARC belong to one of them?"""
import json
import sys
from urllib.parse import urlsplit

from warc_read import read_warc

# path: who tells of it, what it is, why it was asked for; host of the document that asked
PAGE = {
    '/': ('page', 'Document', 'other'),
    '/shop.css': ('page', 'Stylesheet', 'parser'),
    '/shop.js': ('page', 'Script', 'parser'),
    '/background.png': ('page', 'Image', 'parser'),
    '/shadow.png': ('page', 'Image', 'parser'),
    '/api/order': ('page', 'Fetch', 'script'),
    '/beacon': ('page', 'Ping', 'script'),
    '/frame': ('page', 'Document', 'parser'),
    '/frame.png': ('iframe', 'Image', 'parser'),
    '/from-worker': ('worker', 'Fetch', 'script'),
    '/sw.js': ('service_worker', 'Script', 'other'),
    '/from-sw-install': ('service_worker', 'Fetch', 'script'),
    '/from-sw-fetch': ('service_worker', 'Fetch', 'script'),
    '/socket': ('page', 'WebSocket', 'script'),
}


def main():
    index = json.load(open(sys.argv[1]))
    source = json.load(open(sys.argv[2]))['source']
    rows = index['requests']
    main_frame = index['main_frame']
    seen = set()

    joined = [row for row in rows if 'page' in row]
    for row in joined:
        path, page = urlsplit(row['url']).path, row['page']
        seen.add(path)
        if path in PAGE:
            found = page['told_by'], page['resource_type'], page['initiator']
            assert found == PAGE[path], (path, found, PAGE[path])
    assert seen >= set(PAGE), set(PAGE) - seen

    for path, method in (('/api/cors', 'PUT'), ('/api/refused', None)):
        found = sorted((row['method'], row['page']['initiator']) for row in joined if urlsplit(row['url']).path == path)
        assert found == [('OPTIONS', 'preflight')] + ([(method, 'script')] if method else []), (path, found)
    of = {urlsplit(row['url']).path: row for row in joined}
    assert of['/']['page']['frame'] == main_frame
    assert of['/background.png']['page']['initiator_url'].endswith('/shop.css')
    assert of['/frame']['page']['frame'] == of['/frame.png']['page']['frame'] != main_frame
    assert of['/frame.png']['page']['document_url'] == of['/frame']['url']
    assert of['/from-worker']['page']['document_url'].endswith('/worker.js')
    twice = [row['page'] for row in joined if urlsplit(row['url']).path == '/etag']
    assert [page['one_of'] for page in twice] == [2, 2] and twice[0]['asked'] < twice[1]['asked'], twice

    # The page cannot be without a request of the log, but for what the service worker answered or a preflight did not allow.
    alone = {urlsplit(row['url']).path: row['page'].get('from') for row in index['page_only']}
    assert alone == {'/made-by-sw': 'service worker', '/through-sw': 'service worker', '/api/refused': None}, alone
    assert [row['method'] for row in index['page_only'] if urlsplit(row['url']).path == '/api/refused'] == ['DELETE']
    unjoined = [row for row in rows if 'page' not in row and 'browsers_own' not in row]
    assert unjoined == [] and index['page_only_not_kept'] == 0, unjoined
    assert source['requests_joined'] == len(joined) == source['requests'], source
    assert (source['requests_log_only'], source['requests_page_only']) == (0, len(alone)), source

    named = [record for row in rows for record in row.get('records', [])] + index['other_records']
    answers = [record.need('WARC-Record-ID')[len('<urn:uuid:'):-1]
               for record in read_warc(open(sys.argv[3], 'rb').read()) if record.need('WARC-Type') == 'response']
    assert sorted(named) == sorted(answers) and index['other_records'] == [], set(named) ^ set(answers)


main()

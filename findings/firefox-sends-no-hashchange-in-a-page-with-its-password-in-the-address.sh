#!/usr/bin/env bash
# In a page whose address holds the password (`http://me:secret@nas/`), Firefox sends no hashchange for the first address that a script sets as location.hash, nor for the first one after each link.
#
# Seen with Firefox 153 ESR (Debian 12, package firefox-esr) and puppeteer-core 25.16.0 on Node.js 24 (2026-12-01).
#
# Expected: a page that was opened from such a bookmark works as one for which the browser asked for the password. Firefox
# hides the password from scripts, and the page stays where it is, as the guess was before this was tried.
#
# Seen: `location.hash = '#/shows'` changes the address and sends popstate, but no hashchange. The second one sends both.
# `location.assign('#/shows')` and links send both, too; these are resolved against the address that has the password. But
# the next location.hash after one of them has no hashchange again: it is sent only if the address before had no password.
#
# Consequence: in an application that shows what stands behind the #, such as the page of a server at home on a
# television, the first click on a button does nothing for whoever bookmarked it like this, and neither does a key that
# leads back from a link. Use location.assign for all of them, or listen for popstate.
set -euo pipefail
firefox=$(dpkg-query -W -f '${Version}' firefox-esr 2>/dev/null || true)
case $firefox in
	153.*) echo "firefox-esr $firefox" ;;
	*) echo "This was seen with Firefox 153 ESR of Debian 12 (package firefox-esr), and here is: ${firefox:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts puppeteer-core@25.16.0
cat >look.mjs <<'JS'
import {once} from 'node:events';
import {createServer} from 'node:http';
import puppeteer from 'puppeteer-core';

const server = createServer(({headers}, response) => {
	const isKnown = headers.authorization === `Basic ${Buffer.from('me:secret').toString('base64')}`;
	response.writeHead(isKnown ? 200 : 401, {'Content-Type': 'text/html', 'WWW-Authenticate': 'Basic realm="page"'});
	response.end('<a href="#/shows">Shows</a>');
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const host = `127.0.0.1:${server.address().port}`;
const browser = await puppeteer.launch({browser: 'firefox', executablePath: '/usr/lib/firefox-esr/firefox-esr', headless: true});

// Both events come soon after the change of the address.
const told = async (page, step) => page.evaluate(`(async () => {
	const told = [];
	const note = ({type}) => told.push(type);
	addEventListener('hashchange', note);
	addEventListener('popstate', note);
	${step};
	await new Promise(resolve => { setTimeout(resolve, 1000); });
	removeEventListener('hashchange', note);
	removeEventListener('popstate', note);
	return location.hash + ', told by ' + (told.toSorted().join(' and ') || 'nothing') + ', href has the password: ' + location.href.includes('secret');
})()`);

for (const name of ['with the password in the address', 'with the password asked for']) {
	for (const first of ['location.hash = "#/shows"', 'location.assign("#/shows")', 'document.links[0].click()']) {
		const page = await browser.newPage();
		if (name.endsWith('asked for')) {
			await page.authenticate({username: 'me', password: 'secret'});
		}

		await page.goto(`http://${name.endsWith('asked for') ? '' : 'me:secret@'}${host}/`);
		console.log(`${name}, ${first}: ${await told(page, first)}`);
		console.log(`  and then location.hash = "#/films": ${await told(page, 'location.hash = "#/films"')}`);
		await page.close();
	}
}

await browser.close();
process.exit();
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
with the password in the address, location.hash = "#/shows": #/shows, told by popstate, href has the password: false
  and then location.hash = "#/films": #/films, told by hashchange and popstate, href has the password: false
with the password in the address, location.assign("#/shows"): #/shows, told by hashchange and popstate, href has the password: false
  and then location.hash = "#/films": #/films, told by popstate, href has the password: false
with the password in the address, document.links[0].click(): #/shows, told by hashchange and popstate, href has the password: false
  and then location.hash = "#/films": #/films, told by popstate, href has the password: false
with the password asked for, location.hash = "#/shows": #/shows, told by hashchange and popstate, href has the password: false
  and then location.hash = "#/films": #/films, told by hashchange and popstate, href has the password: false
with the password asked for, location.assign("#/shows"): #/shows, told by hashchange and popstate, href has the password: false
  and then location.hash = "#/films": #/films, told by hashchange and popstate, href has the password: false
with the password asked for, document.links[0].click(): #/shows, told by hashchange and popstate, href has the password: false
  and then location.hash = "#/films": #/films, told by hashchange and popstate, href has the password: false
SEEN

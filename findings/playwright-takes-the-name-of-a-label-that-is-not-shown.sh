#!/usr/bin/env bash
# Playwright finds a field by the name of a label that is not shown, and for Chromium that field has no name.
#
# Seen with playwright-core 1.65.1 and Chromium 156 (Debian 12, package chromium), headless, on Node.js 24 (2026-12-01).
#
# Expected: getByRole and aria snapshots know a field by the name that the browser gives to a screen reader, since they are
# recommended for tests because they see a page as such people do.
#
# Seen: Playwright computes names by itself, by the letter of the specification, where a label that is hidden as a whole still names
# its field. Chromium drops such a label, as Firefox 153 and WebKitGTK 2.50 do. So where a page hides the label of a select on a
# narrow screen (`display: none`), `getByRole('combobox', {name: 'Sort'})` finds it on a phone as well, where a
# screen reader says only the value. A hidden element that aria-labelledby refers to names the field in both.
#
# Consequence: a label that has no room is taken out of sight by clipping, or the field gets an aria-label; a test of names asks
# the browser (Accessibility.getFullAXTree of the DevTools protocol, or the computed label of WebDriver).
set -euo pipefail
for program in chromium npm; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: chromium, npm)." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts playwright-core@1.65.1
cat >page.html <<'HTML'
<!doctype html>
<html lang="en">
<title>Films</title>
<style>.narrow { display: none }</style>
<p><label for="shown">Sort</label> <select id="shown"><option>Title</option></select></p>
<p><label class="narrow" for="display">Sort</label> <select id="display"><option>Title</option></select></p>
<p><label hidden for="attribute">Sort</label> <select id="attribute"><option>Title</option></select></p>
<p><label style="visibility: hidden" for="visibility">Sort</label> <select id="visibility"><option>Title</option></select></p>
<p><span hidden id="words">Sort</span> <select id="labelledby" aria-labelledby="words"><option>Title</option></select></p>
<p><label style="position: absolute; clip-path: inset(50%)" for="clipped">Sort</label> <select id="clipped"><option>Title</option></select></p>
</html>
HTML
cat >look.mjs <<'JS'
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';

const browser = await chromium.launch({executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu']});
const page = await browser.newPage();
await page.goto(pathToFileURL('page.html').href);
const session = await page.context().newCDPSession(page);
await session.send('DOM.enable');
const {root} = await session.send('DOM.getDocument');
for (const id of ['shown', 'display', 'attribute', 'visibility', 'labelledby', 'clipped']) {
	const {nodeId} = await session.send('DOM.querySelector', {nodeId: root.nodeId, selector: `#${id}`});
	const {nodes: [node]} = await session.send('Accessibility.getPartialAXTree', {nodeId, fetchRelatives: false});
	const named = await page.getByRole('combobox', {name: 'Sort', exact: true}).evaluateAll((fields, id) => fields.some(field => field.id === id), id);
	const [snapshot] = (await page.locator(`#${id}`).ariaSnapshot()).split('\n');
	console.log(`${id}: Chromium ${JSON.stringify(node.name?.value)}, getByRole ${named ? 'finds Sort' : 'does not find Sort'}, snapshot ${snapshot}`);
}

await browser.close();
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
shown: Chromium "Sort", getByRole finds Sort, snapshot - combobox "Sort":
display: Chromium "", getByRole finds Sort, snapshot - combobox "Sort":
attribute: Chromium "", getByRole finds Sort, snapshot - combobox "Sort":
visibility: Chromium "", getByRole finds Sort, snapshot - combobox "Sort":
labelledby: Chromium "Sort", getByRole finds Sort, snapshot - combobox "Sort":
clipped: Chromium "Sort", getByRole finds Sort, snapshot - combobox "Sort":
SEEN

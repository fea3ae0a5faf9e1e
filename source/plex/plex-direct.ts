import {lookup as systemLookup, type LookupAddress, type LookupOptions} from 'node:dns';
import {isIP, isIPv4, isIPv6} from 'node:net';
import {errorCode} from '../base/errors.js';

const plexDirect = /^(?<label>[\d\-a-f]+)\.[\da-f]{32}\.plex\.direct$/iv;

/**
The address that a name under plex.direct stands for: its first label is the address, with dashes for the dots or colons ([PA] myplex.py).

@example
```
addressInPlexDirect('192-168-1-50.0123456789abcdef0123456789abcdef.plex.direct'); //=> '192.168.1.50'
```
*/
export const addressInPlexDirect = (hostname: string): string | undefined => {
	const label = plexDirect.exec(hostname)?.groups?.['label'];
	if (label === undefined) {
		return undefined;
	}

	const dotted = label.replaceAll('-', '.');
	if (isIPv4(dotted)) {
		return dotted;
	}

	const colons = label.replaceAll('-', ':');
	return isIPv6(colons) ? colons : undefined;
};

export type Lookup = (
	hostname: string,
	options: LookupOptions,
	callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void, // eslint-disable-line @typescript-eslint/no-restricted-types -- the shape is Node's
) => void;

/**
What a resolver says that will not tell private addresses (DNS rebinding protection).
*/
const withheld: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EAI_AGAIN', 'EAI_NODATA', 'ESERVFAIL', 'EREFUSED']);

/**
Names as the system resolves them; a name under plex.direct that the router does not resolve is taken at its word. The certificate is checked against the name all the same.
*/
export const createLookup = (resolve: Lookup = systemLookup): Lookup => (hostname, options, callback) => {
	// eslint-disable-next-line n/prefer-promises/dns -- what a socket asks for is a callback
	resolve(hostname, options, (error, address, family) => {
		const isWithheld = error === null ? address.length === 0 || address === '0.0.0.0' : withheld.has(errorCode(error) ?? '');
		const known = isWithheld ? addressInPlexDirect(hostname) : undefined;
		if (known === undefined) {
			callback(error, address, family);
		} else if (options.all === true) {
			callback(null, [{address: known, family: isIP(known)}]);
		} else {
			callback(null, known, isIP(known));
		}
	});
};

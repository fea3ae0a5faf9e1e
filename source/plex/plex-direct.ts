import {lookup as systemLookup, type LookupAddress, type LookupOptions} from 'node:dns';
import {BlockList, isIP} from 'node:net';
import {errorCode} from '../base/errors.js';

const plexDirect = /^(?<label>[\d\-a-f]+)\.[\da-f]{32}\.plex\.direct$/iv;

/**
Returns the address that a name under plex.direct stands for. Its first label is the address, with dashes instead of dots or colons ([PA] myplex.py).
*/
export const addressInPlexDirect = (hostname: string): string | undefined => {
	const label = plexDirect.exec(hostname)?.groups?.['label'] ?? '';
	return [label.replaceAll('-', '.'), label.replaceAll('-', ':')].find(address => isIP(address) !== 0);
};

export type Lookup = (
	hostname: string,
	options: LookupOptions,
	callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void, // eslint-disable-line @typescript-eslint/no-restricted-types -- the shape is Node's
) => void;

/**
Codes of a resolver that refuses to return private addresses (DNS rebinding protection).
*/
const withheld: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EAI_AGAIN', 'EAI_NODATA', 'ESERVFAIL', 'EREFUSED']);

/**
Whether no answer names a machine: a resolver that blocks a name answers with the unspecified address, which Linux takes for this machine. Node.js asks for all addresses of a name when it connects.
*/
const isNowhere = (answer: string | LookupAddress[]): boolean =>
	(typeof answer === 'string' ? [answer] : answer.map(({address}) => address)).every(address => ['', '0.0.0.0', '::'].includes(address));

/**
Resolves names with the system. When the router does not resolve a name under plex.direct, the address in the name is used. The certificate is still checked against the name.
*/
export const createLookup = (resolve: Lookup = systemLookup): Lookup => (hostname, options, callback) => {
	// eslint-disable-next-line n/prefer-promises/dns -- what a socket asks for is a callback
	resolve(hostname, options, (error, address, family) => {
		const isWithheld = error === null ? isNowhere(address) : withheld.has(errorCode(error) ?? '');
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

const privateRanges = new BlockList();
for (const [network, prefix] of [['10.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16], ['169.254.0.0', 16], ['127.0.0.0', 8]] as const) {
	privateRanges.addSubnet(network, prefix, 'ipv4');
}

for (const [network, prefix] of [['fc00::', 7], ['fe80::', 10], ['::1', 128]] as const) {
	privateRanges.addSubnet(network, prefix, 'ipv6');
}

/**
Whether traffic to this host, the `hostname` of a URL, stays within the local network. A name under plex.direct tells by its first label; any other name with a dot may lead anywhere.
*/
export const isPrivateHost = (hostname: string): boolean => {
	const host = hostname.replaceAll(/^\[|\]$/gv, '');
	const address = addressInPlexDirect(host) ?? host;
	const family = isIP(address);
	return family === 0
		? /^[^.]+$|\.(?:local|lan|home\.arpa|localhost)$/v.test(address)
		: privateRanges.check(address, family === 4 ? 'ipv4' : 'ipv6');
};

import {BlockList, isIP} from 'node:net';
import {addressInPlexDirect} from './plex-direct.js';

const privateRanges = new BlockList();
for (const [network, prefix] of [['10.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16], ['169.254.0.0', 16], ['127.0.0.0', 8]] as const) {
	privateRanges.addSubnet(network, prefix, 'ipv4');
}

for (const [network, prefix] of [['fc00::', 7], ['fe80::', 10], ['::1', 128]] as const) {
	privateRanges.addSubnet(network, prefix, 'ipv6');
}

/**
Whether what is sent to this host, the `hostname` of a URL, stays within the network of this machine. The names under plex.direct tell by their first label; any other name with a dot in it may lead anywhere.
*/
export const isPrivateHost = (hostname: string): boolean => {
	const host = hostname.replaceAll(/^\[|\]$/gv, '');
	const address = addressInPlexDirect(host) ?? host;
	const family = isIP(address);
	return family === 0
		? /^[^.]+$|\.(?:local|lan|home\.arpa|localhost)$/v.test(address)
		: privateRanges.check(address, family === 4 ? 'ipv4' : 'ipv6');
};

import diagnosticsChannel from 'node:diagnostics_channel';
import process from 'node:process';

/**
Loaded into reelcat by `NODE_OPTIONS=--import`. Once the token has been sent, this throws an unexpected error that carries the request with its headers, as errors of HTTP libraries do.
*/
let token;

const bug = () => Object.assign(
	new Error(`planted: GET /?X-Plex-Token=${encodeURIComponent(token)} with ${JSON.stringify({'X-Plex-Token': token})}`, {cause: new Error(token)}),
	{options: {headers: {'X-Plex-Token': token}}, url: `http://server/?X-Plex-Token=${token}`},
);

const ways = {
	uncaught() {
		setImmediate(() => {
			throw bug();
		});
	},
	async rejected() {
		throw bug();
	},
	// A command calls this when it reads what the server sent, and does not expect it to throw.
	command() {
		const {toWellFormed} = String.prototype;
		// eslint-disable-next-line no-extend-native -- only until it is called
		String.prototype.toWellFormed = () => {
			// eslint-disable-next-line no-extend-native -- so that the crash can be told
			String.prototype.toWellFormed = toWellFormed;
			throw bug();
		};
	},
};

diagnosticsChannel.subscribe('http.client.response.finish', ({request}) => {
	const sent = request.getHeader('X-Plex-Token');
	if (sent === undefined || token !== undefined) {
		return;
	}

	token = sent;
	ways[process.env.REELCAT_TEST_BUG]();
});

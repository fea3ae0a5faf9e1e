import test from 'ava';
import {readNetworkFailure, type NetworkFailureKind} from '../../source/base/network-failure.js';

const withCode = (code: string, more: Record<string, unknown> = {}) => Object.assign(new Error('secret'), {code, ...more});

const kinds: ReadonlyArray<readonly [code: string, kind: NetworkFailureKind]> = [
	['ETIMEDOUT', 'timeout'],
	['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
	['ENOTFOUND', 'unknown-name'],
	['EAI_AGAIN', 'no-lookup'],
	['ECONNREFUSED', 'refused'],
	['EHOSTUNREACH', 'no-route'],
	['ECONNRESET', 'broken-off'],
	['HPE_INVALID_EOF_STATE', 'broken-off'],
	['ERR_TLS_CERT_ALTNAME_INVALID', 'other-certificate-name'],
	['CERT_HAS_EXPIRED', 'certificate-expired'],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate-untrusted'],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate-untrusted'],
	['ERR_SSL_WRONG_VERSION_NUMBER', 'no-tls'],
	['HPE_INVALID_CONSTANT', 'not-http'],
	['Z_DATA_ERROR', 'bad-compression'],
	['EMFILE', 'other'],
];

for (const [code, kind] of kinds) {
	test(`${code} is ${kind}`, t => {
		const failure = readNetworkFailure(withCode(code));
		t.is(failure.kind, kind);
		t.is(failure.code, code);
	});
}

test('the cause counts where got wraps an error', t => {
	const failure = readNetworkFailure(withCode('ERR_READING_RESPONSE_STREAM', {cause: withCode('ECONNRESET')}));
	t.is(failure.kind, 'broken-off');
	t.is(failure.code, 'ECONNRESET');
});

test('a timeout tells whether there was a connection', t => {
	t.true(readNetworkFailure(withCode('ETIMEDOUT')).isConnecting);
	t.true(readNetworkFailure(withCode('ETIMEDOUT', {event: 'secureConnect'})).isConnecting);
	t.false(readNetworkFailure(withCode('ETIMEDOUT', {event: 'response'})).isConnecting);
});

test('a TLS alert in answer to plain HTTP means https only', t => {
	const alert = withCode('HPE_INVALID_CONSTANT', {rawPacket: new Uint8Array([21, 3, 3])});
	t.is(readNetworkFailure(alert).kind, 'https-only');
	t.is(readNetworkFailure(withCode('HPE_INVALID_CONSTANT', {cause: alert})).kind, 'https-only');
});

test('the port is read from the error or from its cause', t => {
	t.is(readNetworkFailure(withCode('ECONNREFUSED', {port: 8080})).port, 8080);
	t.is(readNetworkFailure(withCode('ECONNREFUSED', {cause: {port: 8080}})).port, 8080);
	t.is(readNetworkFailure(withCode('ECONNREFUSED')).port, undefined);
});

test('anything may be thrown', t => {
	for (const thrown of [undefined, null, 'text', {}, new Error('without a code')]) {
		t.is(readNetworkFailure(thrown).kind, 'other');
	}
});

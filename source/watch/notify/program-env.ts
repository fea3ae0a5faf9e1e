const handedOn: ReadonlySet<string> = new Set([
	'PATH',
	'HOME',
	'USER',
	'LOGNAME',
	'SHELL',
	'LANG',
	'LANGUAGE',
	'TZ',
	'TMPDIR',
	'TEMP',
	'TMP',
	'DISPLAY',
	'WAYLAND_DISPLAY',
	'XAUTHORITY',
	'DBUS_SESSION_BUS_ADDRESS',
	'SystemRoot',
	'ComSpec',
	'PATHEXT',
	'APPDATA',
	'LOCALAPPDATA',
	'USERPROFILE',
]);
const families = /^(?:LC|XDG)_/v;

/**
What a program needs to find its way, and nothing else: the environment of a daemon holds tokens.
*/
export const programEnv = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(env)
	.filter(([name]) => handedOn.has(name) || families.test(name)));

/**
How much of the sandbox systemd can set up for a user service. Every setting that mounts needs a user namespace, and the administrator decides whether users may make one: Debian 12 and later and Ubuntu 22.04 allow it, Ubuntu 24.04 (kernel.apparmor_restrict_unprivileged_userns) and older containers do not.

- `full`: the service has a user namespace of its own. If that is refused, the service does not start (217/USER).
- `lenient`: systemd makes the namespace if it may (since version 254), and otherwise goes on without one.
- `bare`: nothing is mounted.
*/
export const sandboxLevels = ['full', 'lenient', 'bare'] as const;
export type SandboxLevel = typeof sandboxLevels[number];

/**
Filters of system calls and limits work everywhere, since NoNewPrivileges= is on.
*/
const filters = [
	'NoNewPrivileges=yes',
	'LockPersonality=yes',
	'RestrictRealtime=yes',
	'RestrictSUIDSGID=yes',
	'RestrictNamespaces=yes',
	'SystemCallArchitectures=native',
	// Node.js uses Netlink to list the network interfaces, which the search for servers needs.
	'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
];

const mounts = [
	'ProtectSystem=strict',
	'ProtectKernelTunables=yes',
	'ProtectControlGroups=yes',
];

/**
These settings drop capabilities. A user service may do that only within a user namespace (otherwise it fails with 218/CAPABILITIES).
*/
const inUserNamespace = [
	'PrivateUsers=yes',
	'ProtectKernelModules=yes',
	'ProtectKernelLogs=yes',
	'ProtectClock=yes',
	'ProtectHostname=yes',
];

/**
Settings for the [Service] section, one per line, without those that name paths. MemoryDenyWriteExecute= is never among them, because V8 runs code that it has compiled to memory.
*/
export const sandboxLines = (level: SandboxLevel): string[] => [
	...filters,
	...(level === 'bare' ? [] : mounts),
	...(level === 'full' ? inUserNamespace : []),
];

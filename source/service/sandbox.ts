/**
How much of the sandbox systemd can really set up for a user service. It needs a user namespace for all that mounts, and those are for the administrator to allow: Debian 12 and later and Ubuntu 22.04 do, Ubuntu 24.04 does not (kernel.apparmor_restrict_unprivileged_userns), older containers do not.

- `full`: with a user namespace of its own. Where that is refused, the service would not start (217/USER).
- `lenient`: systemd makes the namespace if it may (since version 254), and goes on without one where it may not.
- `bare`: nothing that mounts.
*/
export const sandboxLevels = ['full', 'lenient', 'bare'] as const;
export type SandboxLevel = typeof sandboxLevels[number];

/**
These are filters of system calls and limits; they work everywhere, since NoNewPrivileges= is on.
*/
const filters = [
	'NoNewPrivileges=yes',
	'LockPersonality=yes',
	'RestrictRealtime=yes',
	'RestrictSUIDSGID=yes',
	'RestrictNamespaces=yes',
	'SystemCallArchitectures=native',
	// Netlink is how Node.js lists the network interfaces, to look for servers.
	'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
];

const mounts = [
	'ProtectSystem=strict',
	'ProtectKernelTunables=yes',
	'ProtectControlGroups=yes',
];

/**
These drop capabilities, which a user service may do within a user namespace only (else 218/CAPABILITIES).
*/
const inUserNamespace = [
	'PrivateUsers=yes',
	'ProtectKernelModules=yes',
	'ProtectKernelLogs=yes',
	'ProtectClock=yes',
	'ProtectHostname=yes',
];

/**
Settings for the [Service] section, a line each; without those that name paths.

MemoryDenyWriteExecute= is never among them: V8 compiles to memory that it then runs.
*/
export const sandboxLines = (level: SandboxLevel): string[] => [
	...filters,
	...(level === 'bare' ? [] : mounts),
	...(level === 'full' ? inUserNamespace : []),
];

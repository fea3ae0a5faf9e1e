declare module 'pgpass' {
	/**
	Looks into `PGPASSFILE` or `~/.pgpass`, if only its owner can read it.
	*/
	const pgpass: (connection: {host: string; port: number; user: string; database: string}, found: (password: string | undefined) => void) => void;
	export default pgpass;
}

/**
Stands in the bundle for `env-paths`, which conf brings, see `docs/bundle.ts`. That one asks for the home folder when it is loaded, which fails for a user whom the system does not know. It has nothing to do: conf is told its folder.
*/
const envPaths = (): never => {
	throw new TypeError('conf is told its folder.');
};

export default envPaths;

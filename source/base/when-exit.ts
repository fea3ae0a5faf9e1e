/**
Stands in the bundle for `when-exit`, which conf brings, see `docs/bundle.ts`. That one sends each first signal to the process again, which would count as the second signal. It has nothing to do: conf writes a file within one turn.
*/
const whenExit = (): undefined => undefined;

export default whenExit;

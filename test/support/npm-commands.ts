/** npm's own commands that need no script. */
const BUILT_IN = new Set(['ci', 'install', 'publish', 'view'])

/** npm's names for scripts: `npm test` runs the script `test`. */
const SHORT = new Set(['test', 'start'])

/** The scripts that a text tells its reader to run, as `npm run lint` and `npm test`. */
export const scriptsIn = (text: string): readonly string[] =>
  Array.from(text.matchAll(/\bnpm (run (?:--silent )?)?([a-z][\w:-]*)/g), ([, run, name]) => ({
    isRun: Boolean(run),
    name: name!,
  }))
    .filter(({ isRun, name }) => isRun || SHORT.has(name) || !BUILT_IN.has(name))
    .map(({ name }) => name)

/** The scripts that a text tells its reader to run, as `npm run lint`, `npm test` and `npm start`. */
export const scriptsIn = (text: string): readonly string[] =>
  Array.from(
    text.matchAll(/\bnpm (?:run (?:--silent )?([a-z][\w:-]*)|(test|start)\b)/g),
    ([, run, short]) => run ?? short!,
  )

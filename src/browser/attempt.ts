/** The result of a function of the page for `input`; undefined where there is no function, or where it throws. */
export function attempt<In, Out>(run: ((input: In) => Out) | undefined, input: In): Out | undefined {
  try {
    return run?.(input)
  } catch {
    return undefined
  }
}

/** What a function of the page makes of `input`; undefined where there is none, or where it throws. */
export function attempt<In, Out>(run: ((input: In) => Out) | undefined, input: In): Out | undefined {
  try {
    return run?.(input)
  } catch {
    return undefined
  }
}

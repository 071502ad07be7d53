import type { DestinationDefinition } from '../model/destination-definition.ts'
import * as builtIn from './index.ts'

type ConfigOf<Definition> = Definition extends DestinationDefinition<infer Config> ? Config : never

/** The settings of a destination of a built-in kind. */
export type DestinationConfig = ConfigOf<(typeof builtIn)[keyof typeof builtIn]>

/** The name of a built-in kind. */
export type DestinationKind = DestinationConfig['kind']

/** The built-in kinds, by their names. */
export const DESTINATIONS: readonly DestinationDefinition[] = Object.values(builtIn)

/** The built-in kinds and a user's own. Throws where two have one name: a configuration could not tell them apart. */
export function withOwnKinds(own: readonly DestinationDefinition[]): readonly DestinationDefinition[] {
  const kinds = [...DESTINATIONS, ...own]
  for (const [i, { kind }] of kinds.entries())
    if (kinds.findIndex((other) => other.kind === kind) !== i)
      throw new Error(`there is a kind of destination "${kind}" already: give yours another name`)
  return kinds
}

/** The kind of a destination; it was read by one of these, so there is one. */
export function kindOf(kinds: readonly DestinationDefinition[], name: string): DestinationDefinition {
  const found = kinds.find(({ kind }) => kind === name)
  if (!found) throw new Error(`BUG: no kind of destination is called "${name}"`)
  return found
}

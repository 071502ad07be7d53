import type { Route } from '../model/destination-settings.ts'
import type { Series } from '../model/types.ts'
import { createAnyGlob } from './glob.ts'
import { memoizeName } from './memoize-name.ts'

/** Which series a destination gets. Nothing in `include` means every name. */
export function createRoute({ include, exclude, where }: Route): (series: Series) => boolean {
  const isIncluded = include.length === 0 ? () => true : createAnyGlob(include)
  const isExcluded = createAnyGlob(exclude)
  const takesName = memoizeName((name) => isIncluded(name) && !isExcluded(name))
  const conditions = Object.entries(where).map(([attribute, globs]) => ({ attribute, matches: createAnyGlob(globs) }))
  return (series) =>
    takesName(series.name) && conditions.every(({ attribute, matches }) => matches(valueOf(series, attribute)))
}

function valueOf({ service, release, attributes }: Series, attribute: string): string {
  if (attribute === 'service') return service
  if (attribute === 'release') return release
  return attributes.find(([name]) => name === attribute)?.[1] ?? ''
}

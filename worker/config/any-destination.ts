import * as v from 'valibot'
import type { DestinationDefinition } from '../model/destination-definition.ts'
import type { DestinationSettings } from '../model/destination-settings.ts'
import { valibotIssueOf, oneOf, plainObject } from '../schema/fields.ts'

/** A destination of one of these kinds, as it is written: its kind says which other keys there may be. */
export const anyDestination = (
  kinds: readonly DestinationDefinition[],
): v.GenericSchema<unknown, DestinationSettings> =>
  v.pipe(
    plainObject('give an object with name, kind and what the kind needs'),
    v.looseObject({ kind: oneOf(kinds.map(({ kind }) => kind)) }),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const read = kinds.find(({ kind }) => kind === dataset.value.kind)!.read(dataset.value)
      if (read.ok) return read.value
      for (const mistake of read.error) addIssue(valibotIssueOf(mistake))
      return NEVER
    }),
  )

import { CODING_MUTANTS } from './coding.ts'
import { COUNTING_MUTANTS } from './counting.ts'
import { IDENTITY_MUTANTS } from './identity.ts'
import type { Mutant } from './mutant.ts'
import { NETWORK_MUTANTS } from './network.ts'
import { REQUEST_MUTANTS } from './requests.ts'
import { TIME_MUTANTS } from './time.ts'

/** Wrong exporters, by what is wrong. */
export const MUTANTS: readonly Mutant[] = [
  ...COUNTING_MUTANTS,
  ...IDENTITY_MUTANTS,
  ...TIME_MUTANTS,
  ...REQUEST_MUTANTS,
  ...CODING_MUTANTS,
  ...NETWORK_MUTANTS,
]

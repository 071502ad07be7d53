/**
 * The texts of the development build about mistakes. For production, the build puts `off.ts` in its place, so callers must not depend on
 * what these functions do.
 */
export { checkAnswer } from './answer.ts'
export { checkConsent } from './consent.ts'
export { checkFailure } from './failure.ts'
export { checkOptions, type OptionSurroundings } from './options.ts'
export { checkPluginResult, type PluginResult } from './plugin-result.ts'
export { checkRefusal, type Refusal } from './refusal.ts'
export { createSay, type Say } from './say.ts'
export { checkSeries, type Kind, type Spelling } from './series.ts'
export { checkValue, type DroppedValue } from './value.ts'

/** Whether this is the development build, which prints mistakes. */
export const isDevelopment: boolean = true

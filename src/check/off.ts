/** The production build: the functions of `index.ts`, empty, so that the minifier removes the calls and their arguments. */
type Checks = typeof import('./index.ts')

export const checkAnswer: Checks['checkAnswer'] = () => {}
export const checkConsent: Checks['checkConsent'] = () => {}
export const checkFailure: Checks['checkFailure'] = () => {}
export const checkOptions: Checks['checkOptions'] = () => {}
export const checkPluginResult: Checks['checkPluginResult'] = () => {}
export const checkRefusal: Checks['checkRefusal'] = () => {}
export const checkSeries: Checks['checkSeries'] = () => {}
export const checkValue: Checks['checkValue'] = () => {}
export const createSay: Checks['createSay'] = () => () => {}

export const isDevelopment: Checks['isDevelopment'] = false

export type { DroppedValue, Kind, OptionSurroundings, PluginResult, Refusal, Say, Spelling } from './index.ts'

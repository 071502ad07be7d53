import type { PartElement } from './load-part.ts'

/** Hands the exports of this file to the code that loaded it. */
export const deliver = (exports: object): void => (document.currentScript as PartElement).take?.(exports as never)

export type Json = unknown

export const isArray = (value: Json): value is readonly Json[] => Array.isArray(value)

export const isObject = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isCount = (value: Json): value is number => Number.isSafeInteger(value) && (value as number) >= 0

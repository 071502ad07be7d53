/** Limits the series that names can make: the first `max` distinct names stay, later ones are `other`. */
export const createNameLimit = (max: number): ((name: string) => string) => {
  const names = new Set<string>()
  return (name) => {
    if (names.size < max) names.add(name)
    return names.has(name) ? name : 'other'
  }
}

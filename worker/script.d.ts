/** The page's script, made by the build (see "imports" in package.json). */
declare module '#script' {
  export const body: string
  export const hash: string
  export const integrity: string
}

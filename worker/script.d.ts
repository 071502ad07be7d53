/** The page's script, made by the build (see "imports" in package.json). */
declare module '#script' {
  export const script: import('./model/script-file.ts').Script
}

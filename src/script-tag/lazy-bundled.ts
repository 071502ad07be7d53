// The development build has this file in place of lazy.ts: it is one file, with the lazy parts inside.
export { bundled as lazy } from '../init.ts'

import type { Script } from '../../../worker/model/script-file.ts'

/** Stands for the page's script, which the build makes: these tests need no build. The worker imports it as `#script` (test/vitest.config.ts). */
export const script: Script = {
  main: {
    name: 'pharos',
    path: '/pharos.0123456789abcdef.js',
    hash: '0123456789abcdef',
    integrity: 'sha384-x',
    body: 'window.pharos={}',
    brotli: btoa('brotli of the tag'),
  },
  parts: [
    {
      name: 'pharos-courier',
      path: '/pharos-courier.00112233445566aa.js',
      hash: '00112233445566aa',
      integrity: 'sha384-y',
      body: 'window.courier={}',
      brotli: btoa('brotli of the courier'),
    },
  ],
}

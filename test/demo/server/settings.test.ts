import { expect, it } from 'vitest'
import { readSettings } from '../../../demo/server/settings.ts'

it.each([
  [{}, { port: 8787, storage: '.pharos/8787' }],
  [
    { PORT: '', PHAROS_STORAGE: '' },
    { port: 8787, storage: '.pharos/8787' },
  ],
  [{ PORT: '1' }, { port: 1, storage: '.pharos/1' }],
  [{ PORT: '9000' }, { port: 9000, storage: '.pharos/9000' }],
  [
    { PORT: '65535', PHAROS_STORAGE: '/tmp/x' },
    { port: 65_535, storage: '/tmp/x' },
  ],
])('%j means %j', (env, value) => {
  expect(readSettings(env)).toEqual({ ok: true, value })
})

it.each(['80x', 'x', '0', '-1', '65536', '8787.5', '1e3', '0x50', ' 8787', '8787 ', 'NaN', '٣'])(
  'names a PORT of "%s", what a port is and what to do',
  (PORT) => {
    expect(readSettings({ PORT })).toEqual({
      ok: false,
      error:
        `PORT is "${PORT}", but a port is a whole number from 1 to 65535. ` +
        'Choose one, for example PORT=9000 npm start, or leave PORT out to use 8787.',
    })
  },
)

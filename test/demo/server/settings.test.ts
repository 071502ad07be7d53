import { expect, it } from 'vitest'
import { readSettings } from '../../../demo/server/settings.ts'

it.each([
  [{}, { port: 8787, storage: '.pharos/8787' }],
  [
    { PORT: '', PHAROS_STORAGE: '' },
    { port: 8787, storage: '.pharos/8787' },
  ],
  [{ PORT: '80' }, { port: 80, storage: '.pharos/80' }],
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

it.each(['1', '22', '6000', '6666', '10080'])('refuses port %s, which browsers open no page on', (PORT) => {
  expect(readSettings({ PORT })).toMatchObject({ ok: false, error: expect.stringContaining(`port ${PORT}.`) as string })
})

it.each([' ', '~/pharos'])('names a PHAROS_STORAGE of "%s"', (PHAROS_STORAGE) => {
  const error = expect.stringContaining(`PHAROS_STORAGE is "${PHAROS_STORAGE}".`) as string
  expect(readSettings({ PHAROS_STORAGE })).toMatchObject({ ok: false, error })
})

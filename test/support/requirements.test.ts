import { afterEach, describe, expect, it, vi } from 'vitest'
import { firstOf, MissingRequirement, required } from './requirements.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const missing = (): Promise<string> => Promise.reject(new MissingRequirement('Install a lighthouse.'))
const context = {
  task: { name: 'shines' },
  skip: (note?: string): never => {
    throw new Error(`skipped: ${note}`)
  },
}

describe('firstOf', () => {
  it('takes the first way that finds something', async () => {
    const ways = [async () => undefined, () => Promise.reject(new Error('closed')), async () => 'here']
    expect(await firstOf<string>('Install it.', ways)).toBe('here')
  })

  it('says how to get it, and why no way worked', async () => {
    const found = firstOf('Install it.', [async () => undefined, () => Promise.reject(new Error('no network'))])
    await expect(found).rejects.toThrow('Install it.\n  no network')
  })
})

describe('required', () => {
  it('skips the test and says so where it cannot be had', async () => {
    vi.stubEnv('CI', '')
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    await expect(required(context, missing)).rejects.toThrow('skipped: Install a lighthouse.')
    expect(warn).toHaveBeenCalledWith('NOT RUN: shines: Install a lighthouse.')
  })

  it('fails with CI=true', async () => {
    vi.stubEnv('CI', 'true')
    await expect(required(context, missing)).rejects.toThrow(MissingRequirement)
  })

  it('never skips over a fault of the test itself', async () => {
    vi.stubEnv('CI', '')
    await expect(required(context, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  })
})

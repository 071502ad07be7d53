import { describe, expect, it } from 'vitest'
import { createSay } from '../../../src/check/index.ts'

function listen(): { readonly say: (text: string) => void; readonly printed: string[] } {
  const printed: string[] = []
  return { say: createSay((text) => printed.push(text)), printed }
}

describe('say', () => {
  it('says every text once, with the name of the product before it', () => {
    const { say, printed } = listen()
    for (const text of ['a', 'b', 'a', 'b']) say(text)
    expect(printed).toEqual(['pharos: a', 'pharos: b'])
  })

  it('says 50 texts, then that there are more, then nothing', () => {
    const { say, printed } = listen()
    for (let i = 1; i <= 200; i++) say(`text ${i}`)
    expect(printed).toHaveLength(51)
    expect(printed.slice(-2)).toEqual([
      'pharos: text 50',
      'pharos: 50 mistakes are listed above. Fix them to see the rest.',
    ])
  })

  it('survives a console that throws', () => {
    const say = createSay(() => {
      throw new Error('no')
    })
    expect(() => say('a')).not.toThrow()
  })
})

import { describe, expect, it } from 'vitest'
import { readDrawing } from '../../../tools/rooms/drawing.ts'

describe('readDrawing', () => {
  it('reads rooms, arrows, and what each room may import', () => {
    const { rooms, arrows, below } = readDrawing(`flowchart TD
      top["a/top.ts"] --> left & right["a/right, a/right.ts"]
      left["a/left"] --> low
      right --> low["a/low/*"]`)
    expect(Object.fromEntries(rooms)).toEqual({
      top: ['a/top.ts'],
      right: ['a/right', 'a/right.ts'],
      left: ['a/left'],
      low: ['a/low/*'],
    })
    expect(arrows.map((arrow) => arrow.join())).toEqual(['top,left', 'top,right', 'left,low', 'right,low'])
    expect(Object.fromEntries([...below].map(([room, others]) => [room, [...others].sort()]))).toEqual({
      top: ['left', 'low', 'right'],
      right: ['low'],
      left: ['low'],
      low: [],
    })
  })

  it.each([
    ['a circle', 'a["a"] --> b["b"]\nb --> c["c"]\nc --> a', 'The drawing has a circle: a -> b -> c -> a.'],
    ['an arrow of a room to itself', 'a["a"] --> a', 'The drawing has a circle: a -> a.'],
    ['a room without a path', 'a["a"] --> b', 'The room "b" has no path in the drawing: write b["path"].'],
  ])('refuses %s', (_, chart, message) => {
    expect(() => readDrawing(chart)).toThrow(message)
  })
})

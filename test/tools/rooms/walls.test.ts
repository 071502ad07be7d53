import { expect, it } from 'vitest'
import { readDrawing } from '../../../tools/rooms/drawing.ts'
import { wallsOf } from '../../../tools/rooms/walls.ts'

const drawing = readDrawing(`
  high["a/high"] --> kinds
  kinds["a/kinds/**"] --> shared["a/kinds/shared"] & define
  define["a/kinds/define.ts"] --> low["a/low"]
  shared --> low`)
const walls = new Map(wallsOf(drawing, 'a').map((wall) => [wall.room, wall]))

it('gives every room a wall, that of "x/**" first, so that rooms in it have their own', () => {
  expect([...walls.keys()]).toEqual(['kinds', 'high', 'shared', 'define', 'low'])
  expect(walls.get('kinds')!.files).toEqual(['a/kinds/*/**'])
  expect(walls.get('high')!.files).toEqual(['a/high/**'])
  expect(walls.get('define')!.files).toEqual(['a/kinds/define.ts'])
})

it('forbids what no arrow leads to, from every depth of a folder', () => {
  expect(walls.get('low')!.patterns).toEqual(
    expect.arrayContaining(['../high/**', '../../high/**', '../kinds/[a-z]*/**', '../kinds/define.ts']),
  )
  expect(walls.get('high')!.patterns).toEqual([])
})

it('forbids the folders beside a room, but not those that it may import', () => {
  expect(walls.get('shared')!.patterns).toEqual(
    expect.arrayContaining(['../[a-z]*/**', '!../shared/**', '../define.ts']),
  )
})

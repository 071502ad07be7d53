import { describe, expect, it } from 'vitest'
import { APPS } from '../support/recipes-apps.ts'
import { type Files, recipeFiles, recipes, recipesDoc } from '../support/recipes-doc.ts'
import { typeErrors, withVueCompiled } from '../support/recipes-project.ts'
import { CATALOG, STUBS } from '../support/recipes-stubs.ts'

const filesOf = (title: string): Files => ({ ...recipeFiles(title), ...APPS[title], ...STUBS[title] })

const isTyped = (path: string): boolean => /\.(tsx?|vue)$/.test(path)

describe('docs/RECIPES.md', () => {
  it('names the file of each block of code', () => {
    const blocks = [...recipesDoc.matchAll(/^```\w+$/gm)]
    expect(recipes.flatMap(({ files }) => Object.keys(files))).toHaveLength(blocks.length)
  })

  it('has React in less than 40 lines', () => {
    expect(recipeFiles('React')['src/beacon-react.tsx']!.split('\n').length).toBeLessThan(40)
  })

  it.each(recipes.filter(({ files }) => Object.keys(files).some(isTyped)).map(({ title }) => title))(
    'compiles: %s',
    async (title) => {
      expect(await typeErrors(withVueCompiled(filesOf(title)))).toBe('')
    },
  )

  it.each([
    { title: 'React', path: 'src/BuyButton.tsx', from: `clicks', 1`, to: `clicks', '1'` },
    { title: 'Vue', path: 'src/BuyButton.vue', from: `clicks', 1`, to: `clicks', '1'` },
    { title: 'Angular', path: 'src/buy-button.ts', from: `clicks', 1`, to: `clicks', '1'` },
    { title: 'SvelteKit', path: 'src/hooks.client.ts', from: 'countError(error)', to: 'countError()' },
    { title: 'Next.js', path: 'src/app/api/orders/route.ts', from: 'flush()', to: 'flushSoon()' },
    { title: 'Web workers', path: 'src/shared-worker.ts', from: '5_000', to: `'5s'` },
  ])('would not compile: $title with a mistake in $path', async ({ title, path, from, to }) => {
    const files = filesOf(title)
    const errors = await typeErrors(withVueCompiled({ ...files, [path]: files[path]!.replace(from, to) }))
    expect(errors.split('\n').filter(Boolean)).toEqual([expect.stringContaining(path)])
  })

  const typed = (title: string): Files => {
    const files = filesOf(title)
    const beacon = `import type { catalog } from './metrics'\n${files['src/beacon.ts']!.replace('init({', 'init<typeof catalog>({')}`
    return { ...files, 'src/metrics.ts': CATALOG, 'src/beacon.ts': beacon }
  }

  it.each(['The beacon', 'React', 'Vue', 'Angular', 'SvelteKit', 'Next.js', 'Web workers'])(
    'is typed by a catalog: %s',
    async (title) => {
      expect(await typeErrors(withVueCompiled(typed(title)))).toBe('')
    },
  )

  it.each([
    ['React', 'src/BuyButton.tsx'],
    ['Vue', 'src/BuyButton.vue'],
    ['Angular', 'src/buy-button.ts'],
  ])('takes no other value than a catalog has: %s', async (title, path) => {
    const files = typed(title)
    const wrong = { ...files, [path]: files[path]!.replace(`'/cart'`, `'/home'`) }
    expect(await typeErrors(withVueCompiled(wrong))).toContain(`"/home"' is not assignable to type '"/cart"'`)
  })
})

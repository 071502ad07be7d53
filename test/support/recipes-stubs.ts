import { ANGULAR_APP } from './recipes-angular.ts'
import type { Files } from './recipes-doc.ts'

/** What the type-check of a recipe needs of packages that are not installed here, as their documentation gives it, and of a user's own files. */
export const STUBS: Readonly<Record<string, Files>> = {
  React: {
    'src/stubs.d.ts': `declare module 'react-router' {
  export interface RouteObject { path?: string; children?: RouteObject[] }
  export interface RouteMatch<Route> { params: Record<string, string | undefined>; pathname: string; route: Route }
  export function matchRoutes<Route extends RouteObject = RouteObject>(
    routes: Route[],
    location: Partial<Location> | string,
    basename?: string,
  ): RouteMatch<Route>[] | null
}`,
    'src/routes.ts': `import type { RouteObject } from 'react-router'
export const routes: RouteObject[] = [{ path: '/', children: [{ path: 'items/:id' }] }]`,
  },
  Vue: {
    'src/router.ts': `interface Router { resolve(to: string): { matched: { path: string }[] } }
export declare const router: Router`,
  },
  Angular: ANGULAR_APP,
  SvelteKit: {
    'src/stubs.d.ts': `declare module '@sveltejs/kit' {
  export type HandleClientError = (input: {
    error: unknown
    event: unknown
    status: number
    message: string
  }) => void | { message: string } | Promise<void | { message: string }>
}`,
    'src/lib/beacon.ts': `export * from '../beacon'`,
  },
  'Without a bundler': { 'src/use.ts': `window.pharos.increment('checkout.clicks', 1, { page: '/cart' })` },
  'Next.js': {
    'src/stubs.d.ts': `declare module 'next/server' {
  export function after<T>(task: Promise<T> | (() => T | Promise<T>)): void
}`,
  },
}

/** A catalog of all that the recipes count themselves. */
export const CATALOG = `
import { counter, defineCatalog, histogram } from 'pharos-beacon/catalog'
export const catalog = defineCatalog({
  'app.startup': histogram({ help: 'Until the application is stable.', unit: 'seconds' }),
  'checkout.clicks': counter({ help: 'Clicks on Buy.', attributes: { page: ['/cart'] } }),
  'component.errors': counter({ help: 'Errors that a framework caught.', attributes: { name: 'string' } }),
  'product.seen': counter({ help: 'Products that appeared.' }),
  'search.queries': counter({ help: 'Searches.', attributes: { source: ['worker'] } }),
})`

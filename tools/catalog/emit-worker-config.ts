// Pure: no I/O, no clock, no randomness.
import { catalogConfig } from '../../worker/config/catalog.ts'
import type { Catalog } from '../../src/catalog/types.ts'

/** The keys of the worker's variable `PHAROS` that hold a catalog, as JSON. */
export const emitWorkerConfig = (catalog: Catalog): string => `${JSON.stringify(catalogConfig(catalog), null, 2)}\n`

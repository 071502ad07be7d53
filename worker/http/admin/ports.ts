import type { Ports } from '../ports.ts'

/** The ports that the admin routes need. */
export type AdminPorts = Pick<Ports, 'config' | 'aggregator'>

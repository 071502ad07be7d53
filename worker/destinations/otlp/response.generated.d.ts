/** Types of the generated code, written by hand: pbf generates none. */
import type { PbfReader } from 'pbf'
import type { ExportMetricsServiceResponse } from './messages.ts'

export function readExportMetricsServiceResponse(reader: PbfReader): ExportMetricsServiceResponse

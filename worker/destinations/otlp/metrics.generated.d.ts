/** Types of the generated code, written by hand: pbf generates none. */
import type { PbfWriter } from 'pbf'
import type { ExportMetricsServiceRequest } from './messages.ts'

export function writeExportMetricsServiceRequest(request: ExportMetricsServiceRequest, writer: PbfWriter): void

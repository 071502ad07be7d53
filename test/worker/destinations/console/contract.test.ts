import { describeExporter } from '../../../contract/exporter-contract.ts'
import { subjects } from './subjects.ts'

for (const subject of subjects) describeExporter(subject)

import * as compactor from '../compact/compactor.ts'
import { deliver } from './deliver.ts'

deliver(compactor)

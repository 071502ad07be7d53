import * as courier from '../courier/courier.ts'
import { deliver } from './deliver.ts'

deliver(courier)

import { now } from './clock.ts'
import { hasNews, keyOf, totalOf } from './entry.ts'
import { guard } from './guard.ts'
import { forget, fullness, lose, save } from './hold.ts'
import { BODY_BYTES, takeBatches } from './keepalive-budget.ts'
import { discard, halt, update } from './life.ts'
import { say } from './say.ts'
import { send } from './send.ts'
import { intervalOf, weightOf } from './settings.ts'
import { DATABASE_PREFIX, transact } from './storage.ts'
import { startTimer } from './timer.ts'
import { canDeliver, seal } from './window.ts'

/**
 * All that the lazy parts use of this room. A bundle lets them import it; the script tag hands this to them, so that its files hold it
 * once (tools/build-script.mjs).
 */
export const shared: Readonly<Record<string, unknown>> = {
  BODY_BYTES,
  DATABASE_PREFIX,
  canDeliver,
  discard,
  forget,
  fullness,
  guard,
  halt,
  hasNews,
  intervalOf,
  keyOf,
  lose,
  now,
  save,
  seal,
  say,
  send,
  startTimer,
  takeBatches,
  totalOf,
  transact,
  update,
  weightOf,
}
